using System.Globalization;
using XmppChatClient.Timestamps;
using XmppChatClient.Xml;

namespace XmppChatClient.EntityTime;

/// <summary>XEP-0202 v2.0 §2 <c>&lt;time/&gt;</c>: empty in a request.</summary>
/// <param name="Time">The time with the offset of where it is told; <see langword="null"/> in a request.</param>
public sealed record TimeQuery(DateTimeOffset? Time = null) : IPayload<TimeQuery>
{
    private const string Namespace = "urn:xmpp:time";

    private static readonly XmlName Utc = new(Namespace, "utc");
    private static readonly XmlName Offset = new(Namespace, "tzo");

    public static XmlName Name { get; } = new(Namespace, "time");

    public static TimeQuery? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (element.Element(Utc) is not { } utc)
        {
            return new TimeQuery();
        }

        // XEP-0202 §2: the offset stands in an element of its own.
        if (!utc.Text.EndsWith('Z') || !Timestamp.TryParse(utc.Text, out var time))
        {
            return null;
        }

        // At the ends of the calendar there are times in UTC that no clock of that offset shows.
        return TryOffset(element.Element(Offset)?.Text, out var offset)
            && time.Ticks + offset.Ticks is var local && local >= DateTime.MinValue.Ticks && local <= DateTime.MaxValue.Ticks
            ? new TimeQuery(time.ToOffset(offset))
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        if (Time is { } time)
        {
            var sign = time.Offset < TimeSpan.Zero ? '-' : '+';
            writer.WriteElement(Offset, string.Create(CultureInfo.InvariantCulture, $"{sign}{time.Offset:hh\\:mm}"));
            writer.WriteElement(Utc, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        writer.WriteEnd();
    }

    private static bool TryOffset(string? text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is null or "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text.AsSpan(1), "hh\\:mm", CultureInfo.InvariantCulture, out offset)
            || offset > TimeSpan.FromHours(14))
        {
            return false;
        }

        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
