using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>The ids by which archives know messages (XEP-0359 v0.7.0 §3).</summary>
internal static class StanzaIds
{
    public const string Namespace = "urn:xmpp:sid:0";

    /// <summary>Whether a message is in somebody's archive.</summary>
    public static bool HasStanzaId(this RoutedStanza message, Jid by) =>
        Array.Exists(message.Element.Elements.ToArray(), e => IsBy(e, by));

    public static RoutedStanza WithStanzaId(this RoutedStanza message, Jid by, string id) => message.With(new XmppElement(
        new XmlName(Namespace, "stanza-id"), [new XmlAttribute("by", by.ToString()), new XmlAttribute("id", id)]));

    /// <summary>The same without ids in somebody's name: only an archive itself may give them.</summary>
    public static RoutedStanza WithoutStanzaIds(this RoutedStanza message, Jid by) => message.Without(e => IsBy(e, by));

    private static bool IsBy(XmppElement element, Jid by) => element.Name is { Namespace: Namespace, LocalName: "stanza-id" }
        && Jid.TryParse(element.Attribute("by"), out var named) && named == by;
}
