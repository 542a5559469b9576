using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace XmppChatClient.Testing.Tests;

/// <summary>The server shares no code with the client that it tests.</summary>
public sealed class ImportRuleTests
{
    // What UseTestServer sets.
    private static readonly string[] OfTheClient = ["IStreamDialer", "TlsMode", "XmppClientOptions", "XmppComponentOptions"];

    private static readonly string Sources = typeof(ImportRuleTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Sources").Value!;

    [Fact]
    public void Package_uses_no_more_of_the_client_than_its_options()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(XmppTestServer).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Where(t => AssemblyOf(metadata, t) == "XmppChatClient.Core");
        Assert.Equal(OfTheClient, used.Select(t => metadata.GetString(t.Name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_file_alone_knows_them()
    {
        var names = new Regex($@"\b({string.Join('|', OfTheClient)})\b");
        var files = Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Sources, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("obj/", StringComparison.Ordinal) && !f.StartsWith("bin/", StringComparison.Ordinal))
            .Where(f => names.IsMatch(File.ReadAllText(Path.Combine(Sources, f))));
        Assert.Equal(["Client/TestServerClientExtensions.cs"], files);
    }

    private static string? AssemblyOf(MetadataReader metadata, TypeReference type) =>
        type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) : null;
}
