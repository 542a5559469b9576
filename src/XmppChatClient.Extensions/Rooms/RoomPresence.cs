using XmppChatClient.Xml;

namespace XmppChatClient.Rooms;

/// <summary>What presence means in rooms (XEP-0045 v1.35.1).</summary>
public static class RoomPresence
{
    private static readonly XmlName Occupant = new(RoomEntry.Namespace + "#user", "x");
    private static readonly XmlName Status = new(RoomEntry.Namespace + "#user", "status");

    /// <summary>Whether a room says that this is our own presence in it: status 110 (§7.2.2). Anybody can send such presence;
    /// it is a room's if we have asked to enter.</summary>
    /// <param name="presence">As it was received.</param>
    public static bool IsOwn(Presence presence)
    {
        ArgumentNullException.ThrowIfNull(presence);
        return HasStatus(presence, "110");
    }

    /// <summary>Whether presence asks to enter a room (§7.2.1).</summary>
    /// <param name="presence">As it is sent.</param>
    public static bool IsEntry(Presence presence)
    {
        ArgumentNullException.ThrowIfNull(presence);
        return presence is { Type: PresenceType.Available, To.IsBare: false, Payloads.Length: > 0 }
            && presence.Payloads.Any(p => (p as XmppElement ?? XmppElement.From(p)).Name == RoomEntry.Name);
    }

    /// <summary>Whether a room says that an occupant goes by another name from now on: status 303 of presence that is unavailable (§7.6).
    /// The presence under that name comes next.</summary>
    /// <param name="presence">As it was received.</param>
    public static bool IsRename(Presence presence)
    {
        ArgumentNullException.ThrowIfNull(presence);
        return presence.Type == PresenceType.Unavailable && HasStatus(presence, "303");
    }

    internal static bool HasStatus(Presence presence, string code)
    {
        foreach (var payload in presence.Payloads)
        {
            if (payload is XmppElement element && element.Name == Occupant)
            {
                foreach (var child in element.Elements)
                {
                    if (child.Name == Status && child.Attribute("code") == code)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>The first of that name in what a room says of an occupant.</summary>
    internal static XmppElement? Child(Presence presence, XmlName name)
    {
        foreach (var payload in presence.Payloads)
        {
            if (payload is XmppElement element && element.Name == Occupant && element.Element(name) is { } child)
            {
                return child;
            }
        }

        return null;
    }
}
