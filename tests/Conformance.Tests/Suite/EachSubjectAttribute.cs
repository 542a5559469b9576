using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace XmppChatClient.Conformance.Tests;

/// <summary>Runs a scenario once on each server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachSubjectAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Of(testMethod).Select(subject => new TheoryDataRow<Subject>(subject))]);

    /// <summary>The servers that a scenario is played on.</summary>
    internal static IEnumerable<Subject> Of(MethodInfo scenario) => Enum.GetValues<Subject>()
        .Except(scenario.DeclaringType!.GetCustomAttributes<NotYetOnAttribute>().Select(missing => missing.Subject));

    public override bool SupportsDiscoveryEnumeration() => true;
}
