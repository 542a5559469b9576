using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace XmppChatClient.Conformance.Tests;

/// <summary>Runs a scenario once on each server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachSubjectAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Subject>().Select(subject => new TheoryDataRow<Subject>(subject))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
