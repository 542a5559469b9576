using System.Diagnostics;
using System.Reflection;
using XmppChatClient.Shared.Tests;

namespace XmppChatClient.Benchmarks.Tests;

/// <summary>Keeps the drivers of tests/Benchmarks alive. What they measure is looked at by nobody here.</summary>
public sealed class DriverTests
{
    private static readonly string Program = typeof(DriverTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Benchmarks").Value!;

    [Theory]
    [InlineData("plain")]
    [InlineData("tls")]
    public async Task Each_bot_of_ours_echoes_every_message_of_every_phase(string link)
    {
        var rows = await RunAsync(0, "load", "--link", link, "--limit", "60", "--warmup", "0", "--phases", "64:900,1:100");
        foreach (var bot in new[] { "floor", "ours, sockets", "ours, DotNetty" })
        {
            Assert.Contains(rows, row => row is [var name, _, "64", "900 of 900", ..] && name == bot);
            Assert.Contains(rows, row => row is [var name, _, "1", "100 of 100", ..] && name == bot);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("tls")]
    public async Task Idle_sessions_all_come_online(string link)
    {
        var rows = await RunAsync(0, "idle", "--link", link, "--sessions", "20", "--few", "2", "--settle", "0");
        Assert.Contains(rows, row => row is ["ours, sockets", _, "20", ..]);
    }

    // What tests/soak.sh does for half an hour.
    [Fact]
    public async Task Soak_of_two_minutes_loses_and_doubles_nothing()
    {
        var rows = await RunAsync(0, "soak", "--seconds", "120", "--rate", "50");
        var lines = rows.Where(row => row.Length == 1).Select(row => row[0]).ToArray();
        var total = lines.Last(line => line.Contains(" arrived, ", StringComparison.Ordinal));
        var memory = Assert.Single(lines, line => line.StartsWith("seed ", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"{total}\n{memory}");
        Assert.Contains(", 0 lost, 0 doubled, 0 out of order; ", total, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 faults, ", total, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 reconnects, ", total, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The bot ended with 1.", "false")]
    [InlineData("The bot was not done within 1 s.", "tail", "-f", "/dev/null", "--")]
    public async Task Bot_that_does_not_come_online_is_named_as_the_reason(string reason, params string[] bot)
    {
        var rows = await RunAsync(1, ["load", "--bots", "none", "--limit", "1", "--", .. bot]);
        Assert.Contains(rows, row => row is [var line] && line == reason);
    }

    [Theory]
    [InlineData("load", "--colour", "red")]
    [InlineData("load", "--phases", "64")]
    [InlineData("load", "--warmup")]
    [InlineData("idle", "--sessions", "1")]
    [InlineData("soak", "--rate", "0")]
    public async Task Command_line_that_says_nothing_is_refused(params string[] arguments) =>
        Assert.Contains(await RunAsync(2, arguments), row => row is [var line] && line.StartsWith("usage: ", StringComparison.Ordinal));

    /// <summary>What it printed: the cells of a table's row, or a line.</summary>
    private static async Task<string[][]> RunAsync(int expectedExitCode, params string[] arguments)
    {
        var (exitCode, output) = await ProgramRun.ToEndAsync(
            new ProcessStartInfo("dotnet", [Program, .. arguments]), TimeSpan.FromMinutes(5));
        Assert.True(exitCode == expectedExitCode, $"It ended with {exitCode}:\n{output}");
        return [.. output.Split('\n').Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }
}
