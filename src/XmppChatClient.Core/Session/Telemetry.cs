using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace XmppChatClient.Session;

/// <summary>The client's instruments. A JID is never a tag: there are too many of them, and they are somebody's.</summary>
internal static class Telemetry
{
    private const string Name = "XmppChatClient";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> StanzasIn =
        Meter.CreateCounter<long>("xmpp.client.stanzas.received", "{stanza}", "Stanzas received.");

    public static readonly Counter<long> StanzasOut =
        Meter.CreateCounter<long>("xmpp.client.stanzas.sent", "{stanza}", "Stanzas queued for sending.");

    public static readonly Histogram<double> RequestDuration =
        Meter.CreateHistogram<double>("xmpp.client.request.duration", "s", "From an IQ request to its answer.");

    public static readonly Counter<long> Reconnects =
        Meter.CreateCounter<long>("xmpp.client.reconnects", "{attempt}", "Attempts to connect again.");

    public static readonly UpDownCounter<long> InboxLength =
        Meter.CreateUpDownCounter<long>("xmpp.client.inbox.length", "{event}", "Events received and not yet read.");

    public static readonly UpDownCounter<long> OutboxLength = Meter.CreateUpDownCounter<long>(
        "xmpp.client.outbox.length", "{stanza}", "Stanzas sent, or waiting to be, and not acknowledged.");

    private static readonly Counter<long> Resumptions = Meter.CreateCounter<long>(
        "xmpp.client.resumptions", "{attempt}", "Lost connections whose session the server was asked to go on with.");

    public static readonly Counter<long> MessagesLost = Meter.CreateCounter<long>(
        "xmpp.client.messages.lost", "{message}", "Messages that did not arrive, or of which nobody can say whether they did.");

    public static readonly Counter<long> MessagesRedelivered = Meter.CreateCounter<long>(
        "xmpp.client.messages.redelivered", "{message}", "Messages that came once more and were not handled again.");

    private static readonly UpDownCounter<long> Clients =
        Meter.CreateUpDownCounter<long>("xmpp.client.count", "{client}", "Clients that are connecting, online or waiting to connect again.");

    /// <summary>A client stands elsewhere now.</summary>
    public static void Moved(SessionState from, SessionState to)
    {
        if (from != to)
        {
            Count(from, -1);
            Count(to, 1);
        }
    }

    /// <summary>A session was asked for after its connection was lost.</summary>
    public static void Resumed(bool isAccepted) =>
        Resumptions.Add(1, new KeyValuePair<string, object?>("outcome", isAccepted ? "accepted" : "refused"));

    public static string KindOf(Stanza stanza) => stanza switch
    {
        Message => "message",
        Presence => "presence",
        _ => "iq",
    };

    // Those that have not begun, or have ended, are no load on anything.
    private static void Count(SessionState state, long change)
    {
        var name = state switch
        {
            SessionState.Connecting => "connecting",
            SessionState.Online => "online",
            SessionState.Waiting => "waiting",
            _ => null,
        };
        if (name is not null)
        {
            Clients.Add(change, new KeyValuePair<string, object?>("state", name));
        }
    }
}
