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

    public static string KindOf(Stanza stanza) => stanza switch
    {
        Message => "message",
        Presence => "presence",
        _ => "iq",
    };
}
