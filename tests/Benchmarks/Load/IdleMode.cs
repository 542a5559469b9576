namespace Benchmarks.Load;

/// <summary>Measures what idle sessions take.</summary>
internal static class IdleMode
{
    public static Task<int> RunAsync(string[] args) => DriverMode.RunAsync(args, IdleOptions.Usage, IdleOptions.Parse, MeasureAsync);

    private static async Task MeasureAsync(IdleOptions options, CancellationToken cancellationToken)
    {
        using var identity = new ServerIdentity();
        var table = new MarkdownTable(
            "bot", "link", "sessions", "managed a session, B", "resident a session, KiB", "process, MiB", "threads", "threads with the few");
        foreach (var link in options.Links)
        {
            foreach (var bot in options.Bots)
            {
                var few = await MeasureAsync(bot, link, options.Few, options, identity, cancellationToken);
                var many = await MeasureAsync(bot, link, options.Sessions, options, identity, cancellationToken);
                double more = many.Sessions - few.Sessions;
                table.Add(
                    bot.Name, LoadTables.NameOf(link), $"{many.Sessions}",
                    MarkdownTable.Cell((many.Managed - few.Managed) / more),
                    MarkdownTable.Cell((many.Resident - few.Resident) / more / 1024),
                    MarkdownTable.Cell(many.Resident / 1048576.0), $"{many.Threads}", $"{few.Threads}");
            }
        }

        Console.WriteLine(table);
    }

    private static async Task<IdleResult> MeasureAsync(
        BotCommand command, Link link, int sessions, IdleOptions options, ServerIdentity identity, CancellationToken cancellationToken)
    {
        await using var bot = await OnlineBot.StartAsync(command, identity, link, sessions, options.Limit, cancellationToken);
        await Task.Delay(options.Settle, TimeProvider.System, cancellationToken);
        var size = bot.Process.Size;
        var managed = bot.Process.Reported("managed");
        await bot.Process.EndAsync();
        return new IdleResult(sessions, size.Resident, size.Threads, managed);
    }
}
