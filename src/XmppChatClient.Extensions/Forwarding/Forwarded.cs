using XmppChatClient.Delay;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Forwarding;

/// <summary>XEP-0297 v1.0 §3 <c>&lt;forwarded/&gt;</c>: a message inside another one. Whoever sent the outer one says that there was
/// such a message; it is the word of nobody else.</summary>
internal sealed record Forwarded(Message Message, DelayedDelivery? Delay = null) : IPayload<Forwarded>
{
    private static readonly XmlName MessageName = new("jabber:client", "message");

    public static XmlName Name { get; } = new("urn:xmpp:forward:0", "forwarded");

    public static Forwarded? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Element(MessageName) is { } inner && new StanzaReader().Read(inner, out _) is Message message
            ? new Forwarded(message, element.Get<DelayedDelivery>())
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        Delay?.Write(writer);
        Message.Write(writer);
        writer.WriteEnd();
    }
}
