using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>Runs a theory once with each kind of server as its first argument.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachServerAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<ServerKind>(ServerKind.Prosody), new TheoryDataRow<ServerKind>(ServerKind.Ejabberd)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
