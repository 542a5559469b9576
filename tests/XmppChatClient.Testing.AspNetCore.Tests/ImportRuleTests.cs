using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>What serves a client shares no code with it.</summary>
public sealed class ImportRuleTests
{
    [Fact]
    public void Package_uses_no_more_of_the_client_than_its_options()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(XmppTestWebServer).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Where(t => AssemblyOf(metadata, t) == "XmppChatClient.Core");
        Assert.Equal(
            ["TransportKind", "XmppClientOptions"], used.Select(t => metadata.GetString(t.Name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nobody_loads_ASP_NET_who_tests_without_it() => Assert.DoesNotContain(
        typeof(XmppTestServer).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static string? AssemblyOf(MetadataReader metadata, TypeReference type) =>
        type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) : null;
}
