using System.Reflection;
using System.Runtime.CompilerServices;

namespace XmppChatClient.Conformance.Tests;

/// <summary>Plays scenarios and compares what the peers heard with Expected/group/scenario.txt.</summary>
public abstract class ScenarioTests(Targets targets)
{
    private static readonly string Expected = typeof(ScenarioTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Expected").Value!;

    private protected async Task PlayAsync(Subject subject, Func<Scenario, Task> play, [CallerMemberName] string name = "")
    {
        var target = await targets.GetAsync(subject);
        await using var scenario = new Scenario(target, TestContext.Current.CancellationToken);
        try
        {
            await play(scenario);
        }
        catch (Exception failure) when (failure is TimeoutException or EndOfStreamException or IOException)
        {
            Assert.Fail($"{failure}\nThe record so far:\n{string.Join('\n', Normaliser.Lines(scenario.Record))}");
        }

        var record = Normaliser.Lines(scenario.Record);
        var expectation = Expectation.Load(Path.Combine(Expected, GetType().Name.Replace("Tests", "", StringComparison.Ordinal), name + ".txt"));
        if (Accepting.From == subject)
            expectation.Write(record);
        else if (Accepting.From is not null)
            expectation.WriteDifferences(subject, record);
        else if (expectation.Judge(subject, record) is { } complaint)
            Assert.Fail(complaint);
    }
}
