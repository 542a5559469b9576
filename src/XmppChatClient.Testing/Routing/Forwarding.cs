using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>Stanzas inside of others (XEP-0297 v1.0).</summary>
internal static class Forwarding
{
    private static readonly XmlName Forwarded = new("urn:xmpp:forward:0", "forwarded");

    /// <param name="content">The stanza, behind the stamp of when it was sent if it has one.</param>
    public static XmppElement Wrap(params ReadOnlySpan<XmlNode> content) => new(Forwarded, content);
}
