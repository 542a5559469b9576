using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Writes the <c>item</c> element of the user's and of the administrators' namespace.</summary>
internal static class RoomItem
{
    public static XmppElement Create(
        string namespaceName, Affiliation affiliation, Role? role, Jid? address, string? nick, params ReadOnlySpan<XmlNode> content)
    {
        var attributes = new List<XmlAttribute> { new("affiliation", RoomNames.ToWire(affiliation)) };
        if (role is { } shown)
        {
            attributes.Add(new XmlAttribute("role", RoomNames.ToWire(shown)));
        }

        if (address is not null)
        {
            attributes.Add(new XmlAttribute("jid", address.ToString()));
        }

        if (nick is not null)
        {
            attributes.Add(new XmlAttribute("nick", nick));
        }

        return new XmppElement(new XmlName(namespaceName, "item"), [.. attributes], content);
    }
}
