namespace Benchmarks.Load;

/// <summary>What the load driver is asked for.</summary>
internal sealed record LoadOptions(
    IReadOnlyList<BotCommand> Bots, IReadOnlyList<Link> Links, IReadOnlyList<Phase> Phases, int Warmup, int Rounds, int BodyBytes,
    int Senders, TimeSpan Limit)
{
    public const string Usage = """
        load [OPTION VALUE]... [-- COMMAND ARGUMENT...]
            Plays the server on loopback for echo bots and measures the bots alone. COMMAND is called with
            HOST PORT JID PASSWORD CAFILE|- behind its arguments, prints READY once it is online, echoes the body of each
            chat message to its sender, and ends at SIGTERM. The tables are Markdown; the exit code is 1 when a message was
            not echoed, or twice. Linux only.
            --bots NAMES    ours, of floor,sockets,dotnetty; or none  (all of them; beside COMMAND: floor)
            --link KIND     plain, tls (STARTTLS) or both             (both)
            --phases W:N,.. in flight : messages, one after another   (1024:200000,64:100000,1:10000)
            --warmup N      messages before the first phase           (50000)
            --rounds N      runs of each bot, in turn; shown is the median  (1)
            --body N        bytes of a body                           (64)
            --senders N     conversations                             (64)
            --limit S       seconds for a login or phase              (120)
        """;

    private static readonly string[] Names = ["bots", "link", "phases", "warmup", "rounds", "body", "senders", "limit"];

    public static LoadOptions Parse(string[] args)
    {
        var line = new CommandLine(args, Names);
        return new LoadOptions(
            line.Bots(ours: "floor,sockets,dotnetty", beside: "floor"),
            line.Links(),
            Phase.ParseAll(line.Text("phases", "1024:200000,64:100000,1:10000")),
            line.Number("warmup", 50_000),
            line.Number("rounds", 1),
            line.Number("body", 64),
            Math.Max(1, line.Number("senders", 64)),
            TimeSpan.FromSeconds(line.Number("limit", 120)));
    }
}
