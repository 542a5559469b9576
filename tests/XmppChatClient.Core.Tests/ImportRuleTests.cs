using System.Reflection;
using System.Runtime.CompilerServices;

namespace XmppChatClient.Core.Tests;

/// <summary>The import rule of docs/ARCHITECTURE.md, so far as project references do not state it already.</summary>
public sealed class ImportRuleTests
{
    private static readonly Assembly Protocol = typeof(Jid).Assembly;
    private static readonly Assembly Core = typeof(XmppClient).Assembly;
    private static readonly Assembly Extensions = typeof(StandardModules).Assembly;
    private static readonly Assembly Hosting = typeof(IMessageHandler).Assembly;
    private static readonly Assembly DotNetty = typeof(DotNettyEventLoops).Assembly;

    [Fact]
    public void Protocol_knows_no_sockets_pipes_or_packages() => AssertReferences(
        Protocol, name => name.StartsWith("System.", StringComparison.Ordinal)
            && name is not ("System.Net.Sockets" or "System.Net.Security" or "System.IO.Pipelines" or "System.Net.NameResolution"));

    [Fact]
    public void Core_knows_no_extension_and_no_host() => AssertReferences(
        Core, name => name != Extensions.GetName().Name && !name.Contains("DependencyInjection", StringComparison.Ordinal)
            && !name.Contains("Hosting", StringComparison.Ordinal));

    [Fact]
    public void Extensions_know_no_host() => AssertReferences(
        Extensions, name => !name.Contains("DependencyInjection", StringComparison.Ordinal)
            && !name.Contains("Hosting", StringComparison.Ordinal));

    [Fact]
    public void DotNetty_package_knows_no_extension_and_no_host() => AssertReferences(
        DotNetty, name => name != Extensions.GetName().Name && name != Hosting.GetName().Name
            && !name.Contains("Hosting", StringComparison.Ordinal));

    [Fact]
    public void Nothing_but_its_own_package_knows_DotNetty() => Assert.All(
        [Protocol, Core, Extensions, Hosting],
        assembly => AssertReferences(assembly, name => !name.Contains("DotNetty", StringComparison.Ordinal)));

    [Fact]
    public void No_product_package_shows_its_inside_to_another() => Assert.All(
        [Protocol, Core, Extensions, Hosting, DotNetty],
        assembly => Assert.All(
            assembly.GetCustomAttributes<InternalsVisibleToAttribute>(),
            friend => Assert.EndsWith(".Tests", friend.AssemblyName, StringComparison.Ordinal)));

    [Fact]
    public void Protocol_starts_no_task_and_reads_no_clock() => Assert.DoesNotContain(
        Protocol.GetTypes().SelectMany(t => t.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)),
        m => typeof(Task).IsAssignableFrom(m.ReturnType) || m.ReturnType == typeof(ValueTask)
            || m.GetParameters().Any(p => p.ParameterType == typeof(TimeProvider)));

    private static void AssertReferences(Assembly assembly, Predicate<string> allowed) =>
        Assert.All(assembly.GetReferencedAssemblies(), r => Assert.True(allowed(r.Name!), $"{assembly.GetName().Name} → {r.Name}"));
}
