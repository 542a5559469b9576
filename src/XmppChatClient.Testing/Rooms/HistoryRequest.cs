using System.Globalization;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>How much of a room's history somebody wants on entering (XEP-0045 §7.2.14). Null is no limit.</summary>
internal sealed record HistoryRequest(long? Stanzas, long? Characters, DateTimeOffset? Since)
{
    /// <summary>Reads the request in a presence's <c>x</c> element. What cannot be read limits nothing.</summary>
    public static HistoryRequest Read(XmppElement? x, DateTimeOffset now)
    {
        if (x?.Child(RoomNames.Muc, "history") is not { } history)
        {
            return new HistoryRequest(null, null, null);
        }

        DateTimeOffset? since = DateTimeOffset.TryParse(
            history.Attribute("since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given)
                ? given : null;

        // More seconds than there were since the year 1 are no limit.
        if (Number(history, "seconds") is { } seconds && seconds < (now - DateTimeOffset.MinValue).TotalSeconds)
        {
            var start = now.AddSeconds(-seconds);
            since = since > start ? since : start;
        }

        return new HistoryRequest(Number(history, "maxstanzas"), Number(history, "maxchars"), since);
    }

    private static long? Number(XmppElement history, string attribute) => long.TryParse(
        history.Attribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
