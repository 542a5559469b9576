using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rosters;

/// <summary>What an account knows of one contact (RFC 6121 §2.1.2).</summary>
internal sealed class RosterEntry(Jid jid)
{
    /// <summary>The contact's bare address.</summary>
    public Jid Jid => jid;

    /// <summary>Whether it is an item of the roster; somebody who only asked to subscribe is none.</summary>
    public bool IsItem { get; set; }

    public string? Name { get; set; }

    public IReadOnlyList<string> Groups { get; set; } = [];

    /// <summary>Whether the account sees the contact's presence.</summary>
    public bool To { get; set; }

    /// <summary>Whether the contact sees the account's presence.</summary>
    public bool From { get; set; }

    /// <summary>Whether the account asked to see the contact's presence, and has no answer yet.</summary>
    public bool Asked { get; set; }

    /// <summary>The contact's request that the account has not answered, to be shown at each login; or null.</summary>
    public RoutedStanza? Request { get; set; }

    public string Subscription => (To, From) switch
    {
        (true, true) => "both",
        (true, false) => "to",
        (false, true) => "from",
        _ => "none",
    };

    public XmppElement ToElement()
    {
        var attributes = new List<XmlAttribute> { new("jid", jid.ToString()), new("subscription", Subscription) };
        if (Asked)
        {
            attributes.Add(new XmlAttribute("ask", "subscribe"));
        }

        if (Name is not null)
        {
            attributes.Add(new XmlAttribute("name", Name));
        }

        return new XmppElement(
            new XmlName(RosterModule.Namespace, "item"), [.. attributes],
            [.. Groups.Select(g => XmlNode.FromElement(new XmppElement(new XmlName(RosterModule.Namespace, "group"), g)))]);
    }
}
