using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace XmppChatClient.Conformance.Tests;

/// <summary>Runs a scenario that comes in variants, each with a record of its own, once on each server.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachSubjectWithAttribute(string name, params string[] arguments) : DataAttribute
{
    /// <summary>The variant's name, and its file's.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<string> Arguments { get; } = arguments;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Subject>().Select(subject => new TheoryDataRow([subject, Name, .. Arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
