using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Roster;

/// <summary>RFC 6121 §2.1.1 <c>&lt;query/&gt;</c>: the roster, or changes of it.</summary>
public sealed record RosterQuery : IPayload<RosterQuery>
{
    internal const string Namespace = "jabber:iq:roster";

    public static XmlName Name { get; } = new(Namespace, "query");

    /// <summary>Which state of the roster this is, or which one we have (RFC 6121 §2.6). Empty: we have none but know what
    /// versions are.</summary>
    public string? Version { get; init; }

    public ImmutableArray<RosterItem> Items { get; init; } = [];

    public static RosterQuery? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var items = ImmutableArray.CreateBuilder<RosterItem>();
        foreach (var child in element.Elements)
        {
            // One address that cannot be read must not cost the whole roster.
            if (child.Name == RosterItem.ElementName && RosterItem.Read(child) is { } item)
            {
                items.Add(item);
            }
        }

        return new RosterQuery { Version = element.Attribute("ver"), Items = items.DrainToImmutable() };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("ver", Version);
        foreach (var item in Items)
        {
            item.Write(writer);
        }

        writer.WriteEnd();
    }
}
