using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace XmppChatClient.Packages.Tests;

public sealed class PackageTests(PackedPackages packages)
{
    // Of the portable PDB format: a document's own text, kept in the symbols.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    public static TheoryData<string> Names => [.. PackedPackages.Names];

    [Fact]
    public void Everything_in_src_is_packed_and_nothing_else() => Assert.Equal(
        PackedPackages.Names.SelectMany(name => new[] { $"{name}.{PackedPackages.Version}.nupkg", $"{name}.{PackedPackages.Version}.snupkg" })
            .Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(packages.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("XmppChatClient.Protocol")]
    [InlineData("XmppChatClient.Core", "XmppChatClient.Protocol", "DnsClient", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("XmppChatClient.Extensions", "XmppChatClient.Core")]
    [InlineData(
        "XmppChatClient.DotNetty", "XmppChatClient.Core", "DotNetty.Transport",
        "Microsoft.Extensions.DependencyInjection.Abstractions")]
    [InlineData(
        "XmppChatClient.Storage.Sqlite", "XmppChatClient.Core", "Microsoft.Data.Sqlite",
        "Microsoft.Extensions.DependencyInjection.Abstractions")]
    [InlineData("XmppChatClient.Testing", "XmppChatClient.Core", "XmppChatClient.Protocol")]
    [InlineData("XmppChatClient.Testing.AspNetCore", "XmppChatClient.Core", "XmppChatClient.Protocol", "XmppChatClient.Testing")]
    [InlineData(
        "XmppChatClient", "XmppChatClient.Core", "XmppChatClient.Extensions", "Microsoft.Extensions.Configuration.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks",
        "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options")]
    public void Package_brings_what_it_needs_and_no_more(string name, params string[] dependencies) =>
        Assert.Equal(dependencies.Order(), packages.Open(name).Dependencies.Order());

    [Theory, MemberData(nameof(Names))]
    public void Package_says_what_it_is(string name)
    {
        var package = packages.Open(name);
        Assert.Equal(name, package["id"]);
        Assert.Equal("MIT", package["license"]);
        Assert.InRange(package["description"]!.Length, 30, 200);
        Assert.Contains("xmpp", package["tags"]!.Split(' '));
        Assert.StartsWith($"# {name}\n", Encoding.UTF8.GetString(package.File(package["readme"]!)), StringComparison.Ordinal);
        Assert.Equal(PngSignature, package.File(package["icon"]!)[..4]);
        // A clone's remote may be anybody's folder: only a release says where the sources are.
        Assert.DoesNotContain(package.Metadata.Descendants(), e => e.Name.LocalName == "repository" && e.Attribute("url") is not null);
    }

    [Theory, MemberData(nameof(Names))]
    public void Documentation_is_in_the_package(string name)
    {
        using var content = new MemoryStream(packages.Open(name).File($"lib/net10.0/{name}.xml"));
        Assert.NotEmpty(XDocument.Load(content).Descendants("member"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Symbols_fit_the_assembly_and_carry_their_sources(string name)
    {
        var package = packages.Open(name);
        using var assembly = package.Assembly(name);
        using var symbols = package.Symbols(name);
        var reader = symbols.GetMetadataReader();

        var entries = assembly.ReadDebugDirectory();
        Assert.Contains(entries, e => e.Type == DebugDirectoryEntryType.Reproducible);
        var codeView = assembly.ReadCodeViewDebugDirectoryData(entries.Single(e => e.Type == DebugDirectoryEntryType.CodeView));
        Assert.Equal(codeView.Guid, new BlobContentId(reader.DebugMetadataHeader!.Id).Guid);
        Assert.StartsWith("/_/", codeView.Path, StringComparison.Ordinal);

        Assert.NotEmpty(reader.Documents);
        Assert.All(reader.Documents, handle =>
        {
            Assert.StartsWith("/_/", reader.GetString(reader.GetDocument(handle).Name), StringComparison.Ordinal);
            Assert.Contains(
                reader.GetCustomDebugInformation(handle),
                c => reader.GetGuid(reader.GetCustomDebugInformation(c).Kind) == EmbeddedSource);
        });
    }
}
