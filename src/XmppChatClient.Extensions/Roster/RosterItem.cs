using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Roster;

/// <summary>A contact (RFC 6121 §2.1.2).</summary>
/// <param name="Jid">The contact's address, as a rule bare.</param>
public sealed record RosterItem(Jid Jid)
{
    internal static readonly XmlName ElementName = new(RosterQuery.Namespace, "item");

    private static readonly XmlName GroupName = new(RosterQuery.Namespace, "group");

    /// <summary>What the user calls the contact.</summary>
    public string? Name { get; init; }

    public RosterSubscription Subscription { get; init; }

    /// <summary>Whether we asked to see their presence and have no answer.</summary>
    public bool IsAsking { get; init; }

    /// <summary>Whether they may see our presence as soon as they ask (RFC 6121 §3.4).</summary>
    public bool IsApproved { get; init; }

    public ImmutableArray<string> Groups { get; init; } = [];

    internal static RosterItem? Read(XmppElement element)
    {
        if (!Jid.TryParse(element.Attribute("jid"), out var jid))
        {
            return null;
        }

        return new RosterItem(jid)
        {
            Name = element.Attribute("name"),
            Subscription = element.Attribute("subscription") switch
            {
                "to" => RosterSubscription.To,
                "from" => RosterSubscription.From,
                "both" => RosterSubscription.Both,
                "remove" => RosterSubscription.Remove,
                _ => RosterSubscription.None,
            },
            IsAsking = element.Attribute("ask") == "subscribe",
            IsApproved = element.Attribute("approved") is "true" or "1",
            Groups = [.. element.Elements.ToArray().Where(e => e.Name == GroupName).Select(e => e.Text)],
        };
    }

    internal void Write(XmlStreamWriter writer)
    {
        writer.WriteStart(ElementName);
        writer.WriteAttribute("jid", Jid.ToString());
        writer.WriteAttribute("name", Name);
        writer.WriteAttribute("subscription", Subscription switch
        {
            RosterSubscription.To => "to",
            RosterSubscription.From => "from",
            RosterSubscription.Both => "both",
            RosterSubscription.Remove => "remove",
            _ => null,
        });
        writer.WriteAttribute("ask", IsAsking ? "subscribe" : null);
        writer.WriteAttribute("approved", IsApproved ? "true" : null);
        foreach (var group in Groups)
        {
            writer.WriteElement(GroupName, group);
        }

        writer.WriteEnd();
    }
}
