using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Discovery;

/// <summary>Writes the answers of service discovery (XEP-0030 §3 and §4), for hosted domains too.</summary>
internal static class DiscoveryInfo
{
    public const string InfoNamespace = "http://jabber.org/protocol/disco#info";
    public const string ItemsNamespace = "http://jabber.org/protocol/disco#items";

    public static XmppElement Identity(string category, string type, string? name)
    {
        var attributes = new List<XmlAttribute> { new("category", category), new("type", type) };
        if (name is not null)
        {
            attributes.Add(new XmlAttribute("name", name));
        }

        return new XmppElement(new XmlName(InfoNamespace, "identity"), [.. attributes]);
    }

    /// <param name="extensions">What follows the features, such as a form.</param>
    public static XmppElement Info(XmppElement identity, IEnumerable<string> features, params XmppElement[] extensions) => new(
        new XmlName(InfoNamespace, "query"),
        [
            identity,
            .. features.Select(f => XmlNode.FromElement(
                new XmppElement(new XmlName(InfoNamespace, "feature"), [new XmlAttribute("var", f)]))),
            .. extensions.Select(XmlNode.FromElement),
        ]);

    public static XmppElement Items(IEnumerable<(Jid Jid, string? Name)> items) => new(
        new XmlName(ItemsNamespace, "query"),
        [.. items.Select(i => XmlNode.FromElement(new XmppElement(
            new XmlName(ItemsNamespace, "item"),
            i.Name is null
                ? [new XmlAttribute("jid", i.Jid.ToString())]
                : [new XmlAttribute("jid", i.Jid.ToString()), new XmlAttribute("name", i.Name)])))]);
}
