using XmppChatClient.Xml;

namespace XmppChatClient.Capabilities;

/// <summary>XEP-0115 v1.6.0 §4 <c>&lt;c/&gt;</c>: a hash of what an entity would answer to service discovery.</summary>
/// <param name="Hash">The hash function, such as <c>sha-1</c>.</param>
/// <param name="Node">A URI of the software.</param>
/// <param name="Verification">The hash, in base64.</param>
public sealed record EntityCapabilities(string Hash, string Node, string Verification) : IPayload<EntityCapabilities>
{
    public static XmlName Name { get; } = new("http://jabber.org/protocol/caps", "c");

    public static EntityCapabilities? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("hash") is { Length: > 0 } hash
            && element.Attribute("node") is { Length: > 0 } node
            && element.Attribute("ver") is { Length: > 0 } verification
            ? new(hash, node, verification)
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("hash", Hash);
        writer.WriteAttribute("node", Node);
        writer.WriteAttribute("ver", Verification);
        writer.WriteEnd();
    }
}
