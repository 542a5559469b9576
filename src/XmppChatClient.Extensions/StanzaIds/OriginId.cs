using XmppChatClient.Xml;

namespace XmppChatClient.StanzaIds;

/// <summary>XEP-0359 v0.7.0 §2.2 <c>&lt;origin-id/&gt;</c>: the sender's own id of a message, which nobody on the way changes. The
/// sender may write what it likes, so it says something about messages of that sender only.</summary>
/// <param name="Id">Never empty.</param>
public sealed record OriginId(string Id) : IPayload<OriginId>
{
    public static XmlName Name { get; } = new(StanzaId.Namespace, "origin-id");

    public static OriginId? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("id") is { Length: > 0 } id ? new OriginId(id) : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("id", Id);
        writer.WriteEnd();
    }
}
