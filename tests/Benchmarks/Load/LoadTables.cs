namespace Benchmarks.Load;

/// <summary>The results of all rounds as tables: medians of the rounds, worst of the longest.</summary>
internal static class LoadTables
{
    public static MarkdownTable OfPhases(IReadOnlyList<BotResult> results)
    {
        var table = new MarkdownTable(
            "bot", "link", "in flight", "echoed", "messages/s", "CPU µs a message", "× floor", "p50 µs", "× floor", "p99 µs", "max µs",
            "driver's CPU µs");
        foreach (var runs in results.GroupBy(result => (result.Bot, result.Link)))
        {
            foreach (var (index, phase) in runs.First().Phases.Select(result => result.Phase).Index())
            {
                var rounds = runs.Select(run => run.Phases[index]).ToArray();
                var floor = results.Where(result => result.Bot.IsFloor && result.Link == runs.Key.Link)
                    .Select(result => result.Phases[index]).ToArray();
                var (processor, median) = (Median(rounds, r => r.BotProcessor), Median(rounds, r => r.Median));
                table.Add(
                    runs.Key.Bot.Name, NameOf(runs.Key.Link), $"{phase.Window}", $"{rounds.Min(r => r.Echoed)} of {phase.Messages}",
                    MarkdownTable.Cell(Median(rounds, r => r.Rate)),
                    MarkdownTable.Cell(processor), MarkdownTable.Cell(processor / Median(floor, r => r.BotProcessor)),
                    MarkdownTable.Cell(median), MarkdownTable.Cell(median / Median(floor, r => r.Median)),
                    MarkdownTable.Cell(Median(rounds, r => r.P99)), MarkdownTable.Cell(rounds.Max(r => r.Longest)),
                    MarkdownTable.Cell(Median(rounds, r => r.DriverProcessor)));
            }
        }

        return table;
    }

    public static MarkdownTable OfBots(IReadOnlyList<BotResult> results)
    {
        var table = new MarkdownTable("bot", "link", "start to online, ms", "peak resident, MiB", "threads", "allocated a message, B");
        foreach (var runs in results.GroupBy(result => (result.Bot, result.Link)))
        {
            table.Add(
                runs.Key.Bot.Name, NameOf(runs.Key.Link),
                MarkdownTable.Cell(Median(runs, r => r.StartToOnline.TotalMilliseconds)),
                MarkdownTable.Cell(Median(runs, r => r.PeakResident / 1048576.0)),
                MarkdownTable.Cell(Median(runs, r => r.Threads)),
                MarkdownTable.Cell(Median(runs, r => r.Allocated)));
        }

        return table;
    }

    public static string NameOf(Link link) => link == Link.Tls ? "TLS" : "plain";

    private static double Median<T>(IEnumerable<T> items, Func<T, double> figure)
    {
        var sorted = items.Select(figure).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
