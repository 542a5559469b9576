using System.Globalization;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>A room's last messages, for who enters (XEP-0045 §7.2.13). Under the gate.</summary>
internal sealed class RoomHistory(Room room)
{
    private const string Hints = "urn:xmpp:hints";

    private readonly List<(DateTimeOffset At, RoutedStanza Message)> _kept = [];

    public void Add(RoutedStanza message)
    {
        var worthKeeping = !message.Has(Hints, "no-store")
            && (message.Has(XmppNamespaces.Client, "body") || message.Has(Hints, "store"));
        if (worthKeeping)
        {
            _kept.Add((room.Server.Clock.GetUtcNow(), message));
            Trim();
        }
    }

    /// <summary>Forgets what is more than the room keeps.</summary>
    public void Trim() => _kept.RemoveRange(0, Math.Max(0, _kept.Count - room.Options.HistoryLength));

    /// <summary>The newest messages that the request allows, the oldest of them first, addressed and stamped.</summary>
    public IEnumerable<RoutedStanza> For(Jid receiver, HistoryRequest request)
    {
        var sent = new List<RoutedStanza>();
        long characters = 0;
        for (var i = _kept.Count - 1; i >= 0; i--)
        {
            var (at, message) = _kept[i];
            if (sent.Count >= request.Stanzas || at < request.Since)
            {
                break;
            }

            var stamped = message.Between(message.From, receiver).With(Stamp(room.Jid, at));

            // XEP-0045 §7.2.14: of the whole stanza, not of its body.
            characters += stamped.ToString().Length;
            if (characters > request.Characters)
            {
                break;
            }

            sent.Add(stamped);
        }

        sent.Reverse();
        return sent;
    }

    /// <summary>XEP-0203 §3.</summary>
    public static XmppElement Stamp(Jid from, DateTimeOffset at) => new(
        new XmlName(RoomNames.Delay, "delay"),
        [
            new XmlAttribute("from", from.ToString()),
            new XmlAttribute(
                "stamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        ]);
}
