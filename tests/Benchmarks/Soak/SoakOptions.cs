using System.Net;
using XmppChatClient;

namespace Benchmarks.Soak;

/// <summary>What a soak is asked for.</summary>
/// <param name="Rate">Messages a second, each way.</param>
/// <param name="Server">A real server; null for a test server in this process.</param>
internal sealed record SoakOptions(
    TimeSpan Duration, int Rate, int Seed, IPEndPoint? Server, Jid Subject, Jid Peer, string Password, string? Roots)
{
    public const string Usage = """
        soak [OPTION VALUE]...
            Two clients write to each other at a steady rate while the link of one has random faults: what is lost, doubled or
            out of order, how often it connected again, and the memory of the process. Ends with 1 when a message was lost
            without being said to be, or came twice.
            --seconds N     how long                                              (1800)
            --rate N        messages a second, each way                           (50)
            --seed N        of the faults                                         (random)
            --server A:P    address and port of a real server                     (a test server in this process)
            --subject JID   the account behind the link with faults               (subject@localhost)
            --peer JID      the other one                                         (peer@localhost)
            --password TEXT of both                                               (secret)
            --roots FILE    PEM file of roots to trust                            (none but the system's)
        """;

    private static readonly string[] Names = ["seconds", "rate", "seed", "server", "subject", "peer", "password", "roots"];

    public static SoakOptions Parse(string[] args)
    {
        var line = new Load.CommandLine(args, Names);
        var server = line.Text("server", "");
        var options = new SoakOptions(
            TimeSpan.FromSeconds(line.Number("seconds", 1800)),
            line.Number("rate", 50),
            line.Number("seed", Environment.TickCount & int.MaxValue),
            server.Length == 0 ? null : IPEndPoint.Parse(server),
            Jid.Parse(line.Text("subject", "subject@localhost")),
            Jid.Parse(line.Text("peer", "peer@localhost")),
            line.Text("password", "secret"),
            line.Text("roots", "") is { Length: > 0 } roots ? roots : null);
        return options.Rate is > 0 and <= 1000 ? options : throw new FormatException("--rate is 1 to 1000.");
    }
}
