using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>Measures echo bots under load, side by side.</summary>
internal static class LoadMode
{
    public static Task<int> RunAsync(string[] args) => DriverMode.RunAsync(args, LoadOptions.Usage, LoadOptions.Parse, MeasureAsync);

    private static async Task MeasureAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        using var identity = new ServerIdentity();
        var results = new List<BotResult>();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var link in options.Links)
            {
                foreach (var bot in options.Bots)
                {
                    results.Add(await MeasureAsync(bot, link, options, identity, cancellationToken));
                }
            }
        }

        Console.WriteLine(LoadTables.OfPhases(results));
        Console.WriteLine();
        Console.WriteLine(LoadTables.OfBots(results));
        var unexpected = results.SelectMany(result => result.Phases).Sum(phase => phase.Unexpected);
        if (unexpected > 0)
        {
            throw new BotFailureException($"{unexpected} messages were no echo, or the second one.");
        }
    }

    private static async Task<BotResult> MeasureAsync(
        BotCommand command, Link link, LoadOptions options, ServerIdentity identity, CancellationToken cancellationToken)
    {
        await using var bot = await OnlineBot.StartAsync(command, identity, link, sessions: 1, options.Limit, cancellationToken);
        var messages = new MessageWriter(bot.Connection.Address, options.Senders, options.BodyBytes);
        if (options.Warmup > 0)
        {
            await MeasureAsync(bot, new Phase(64, options.Warmup), messages, options.Limit, cancellationToken);
        }

        var phases = new List<PhaseResult>();
        foreach (var phase in options.Phases)
        {
            phases.Add(await MeasureAsync(bot, phase, messages, options.Limit, cancellationToken));
        }

        var size = bot.Process.Size;
        await bot.Process.EndAsync();
        var allocated = bot.Process.Reported("allocated") / bot.Process.Reported("messages");
        return new BotResult(command, link, bot.StartToOnline, size.Peak, size.Threads, allocated, phases);
    }

    private static async Task<PhaseResult> MeasureAsync(
        OnlineBot bot, Phase phase, MessageWriter messages, TimeSpan limit, CancellationToken cancellationToken)
    {
        var run = new PhaseRun(phase, messages);
        var (botBefore, driverBefore, began) = (bot.Process.ProcessorTime, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        bot.Connection.Begin(run);
        try
        {
            await bot.WhileThereAsync(run.Done, limit, cancellationToken);
        }
        catch (BotFailureException e)
        {
            throw new BotFailureException($"{e.Message} {run.Echoed} of {phase.Messages} messages were echoed.", e);
        }

        var took = Stopwatch.GetElapsedTime(began);
        var (botUsed, driverUsed) = (bot.Process.ProcessorTime - botBefore, Environment.CpuUsage.TotalTime - driverBefore);

        var latencies = run.Latencies();
        return new PhaseResult(
            phase, run.Echoed, run.Unexpected, run.Echoed / took.TotalSeconds, botUsed.TotalMicroseconds / phase.Messages,
            driverUsed.TotalMicroseconds / phase.Messages, latencies[latencies.Length / 2], latencies[latencies.Length * 99 / 100], latencies[^1]);
    }
}
