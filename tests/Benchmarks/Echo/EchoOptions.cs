using System.Globalization;
using XmppChatClient;

namespace Benchmarks.Echo;

/// <summary>How the echo bot is called.</summary>
/// <param name="Sessions">How many, all in this process: <c>COUNT</c> in the environment, or 1.</param>
/// <param name="Report">Whether it says at its end what it allocated, for the driver to read.</param>
internal sealed record EchoOptions(
    string Host, int Port, Jid Jid, string Password, string? Roots, int Sessions, bool DotNetty, bool Report)
{
    public const string Usage = """
        echo [--dotnetty] [--report] HOST PORT JID PASSWORD CAFILE|-
            An echo bot: a host, a scope and a handler for each message. READY says that it is online, SIGTERM ends it.
            CAFILE is a PEM file of the roots to trust, - is plain TCP. COUNT=N in the environment: N sessions, no hosts.
            --dotnetty  over DotNetty's event loops instead of sockets
            --report    prints what was allocated since READY, at the end (of sessions: what memory they hold, at READY)
        """;

    public static EchoOptions? Parse(string[] args)
    {
        var flags = args.TakeWhile(arg => arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (flags.Except(["--dotnetty", "--report"]).Any()
            || args[flags.Length..] is not [var host, var port, var jid, var password, var roots]
            || !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var portNumber))
        {
            return null;
        }

        var counts = int.TryParse(
            Environment.GetEnvironmentVariable("COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var sessions);
        return new EchoOptions(
            host, portNumber, Jid.Parse(jid), password, roots == "-" ? null : roots, counts ? sessions : 1,
            flags.Contains("--dotnetty"), flags.Contains("--report"));
    }

    public void ApplyTo(XmppClientOptions options)
    {
        options.Jid = Jid;
        options.Password = Password;
        options.Host = Host;
        options.Port = Port;
        options.Tls = Roots is null ? TlsMode.Disabled : TlsMode.Required;
        options.TrustedRoots = Roots;
    }
}
