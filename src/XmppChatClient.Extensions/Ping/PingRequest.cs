using XmppChatClient.Xml;

namespace XmppChatClient.Ping;

/// <summary>XEP-0199 v2.0.1 §4 <c>&lt;ping/&gt;</c>.</summary>
public sealed record PingRequest : IPayload<PingRequest>
{
    public static XmlName Name { get; } = new("urn:xmpp:ping", "ping");

    public static PingRequest? Read(XmppElement element) => new();

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteElement(Name);
    }
}
