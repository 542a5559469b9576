namespace Benchmarks.Load;

/// <summary>What the idle driver is asked for.</summary>
internal sealed record IdleOptions(
    IReadOnlyList<BotCommand> Bots, IReadOnlyList<Link> Links, int Sessions, int Few, TimeSpan Settle, TimeSpan Limit)
{
    public const string Usage = """
        idle [OPTION VALUE]... [-- COMMAND ARGUMENT...]
            What sessions take that do nothing: one process with many, one with few, and the difference a session. COMMAND
            is as for load, and makes as many sessions as COUNT in its environment says.
            --bots NAMES    ours, of sockets,dotnetty; or none        (sockets; beside COMMAND: none)
            --link KIND     plain, tls (STARTTLS) or both             (both)
            --sessions N    the many                                  (5000)
            --few N         the few                                   (100)
            --settle S      seconds from online to the measurement    (3)
            --limit S       seconds for all logins of a process       (300)
        """;

    private static readonly string[] Names = ["bots", "link", "sessions", "few", "settle", "limit"];

    public static IdleOptions Parse(string[] args)
    {
        var line = new CommandLine(args, Names);
        var options = new IdleOptions(
            line.Bots(ours: "sockets", beside: "none"),
            line.Links(),
            line.Number("sessions", 5000),
            line.Number("few", 100),
            TimeSpan.FromSeconds(line.Number("settle", 3)),
            TimeSpan.FromSeconds(line.Number("limit", 300)));
        return options.Few > 1 && options.Sessions > options.Few ? options
            : throw new FormatException("There must be more than one session, and more than the few.");
    }
}
