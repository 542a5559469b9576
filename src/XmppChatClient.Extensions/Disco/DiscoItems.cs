using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Disco;

/// <summary>XEP-0030 v2.5.0 §4 <c>&lt;query/&gt;</c> of disco#items: empty but for the node in a request.</summary>
public sealed record DiscoItems : IPayload<DiscoItems>
{
    private const string Namespace = "http://jabber.org/protocol/disco#items";

    private static readonly XmlName ItemName = new(Namespace, "item");

    public static XmlName Name { get; } = new(Namespace, "query");

    /// <summary>The part of the entity that is asked about; <see langword="null"/> for all of it.</summary>
    public string? Node { get; init; }

    public ImmutableArray<DiscoItem> Items { get; init; } = [];

    public static DiscoItems? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var items = ImmutableArray.CreateBuilder<DiscoItem>();
        foreach (var child in element.Elements)
        {
            // One address that cannot be read must not cost the rest of a long list.
            if (child.Name == ItemName && Jid.TryParse(child.Attribute("jid"), out var jid))
            {
                items.Add(new DiscoItem(jid, child.Attribute("node"), child.Attribute("name")));
            }
        }

        return new DiscoItems { Node = element.Attribute("node"), Items = items.DrainToImmutable() };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("node", Node);
        foreach (var item in Items)
        {
            writer.WriteStart(ItemName);
            writer.WriteAttribute("jid", item.Jid.ToString());
            writer.WriteAttribute("node", item.Node);
            writer.WriteAttribute("name", item.Name);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }
}
