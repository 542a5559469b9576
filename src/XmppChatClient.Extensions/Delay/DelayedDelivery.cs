using XmppChatClient.Timestamps;
using XmppChatClient.Xml;

namespace XmppChatClient.Delay;

/// <summary>XEP-0203 v2.0 §2 <c>&lt;delay/&gt;</c>: the stanza was kept somewhere before it came. Anybody can write one into what
/// they send, so the time is as good as the word of whoever sent it.</summary>
/// <param name="Stamp">When it was sent, or when the one that kept it got it.</param>
/// <param name="From">Who kept it or sent it; <see langword="null"/> when that is not said, or no address.</param>
/// <param name="Reason">Why, in words for people.</param>
public sealed record DelayedDelivery(DateTimeOffset Stamp, Jid? From = null, string? Reason = null) : IPayload<DelayedDelivery>
{
    public static XmlName Name { get; } = new("urn:xmpp:delay", "delay");

    public static DelayedDelivery? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return Timestamp.TryParse(element.Attribute("stamp"), out var stamp)
            ? new DelayedDelivery(
                stamp,
                Jid.TryParse(element.Attribute("from"), out var from) ? from : null,
                element.Text is { Length: > 0 } reason ? reason : null)
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("from", From?.ToString());
        writer.WriteAttribute("stamp", Timestamp.Format(Stamp));
        if (Reason is not null)
        {
            writer.WriteText(Reason);
        }

        writer.WriteEnd();
    }
}
