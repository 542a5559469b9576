using System.Globalization;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Shows a room's occupants to each other (XEP-0045 §7.2 and §7.14). Under the gate.</summary>
internal sealed class RoomPresences(Room room)
{
    /// <summary>Shows an occupant to all others, and last to itself.</summary>
    public void Show(Occupant occupant, RoomNotice notice)
    {
        foreach (var other in room.Occupants.ToArray())
        {
            // What is sent may end sessions, its own too.
            if (occupant.Role == Role.None)
            {
                return;
            }

            if (other != occupant)
            {
                foreach (var session in other.Sessions.ToArray())
                {
                    Send(occupant, occupant.Presence, session.Jid, Extension(occupant, SeesAddresses(other), notice));
                }
            }
        }

        foreach (var session in occupant.Sessions.ToArray())
        {
            Send(occupant, session.Presence, session.Jid, OwnExtension(occupant, notice));
        }
    }

    /// <summary>Shows all others that an occupant is gone, and last itself. It is no longer in the room.</summary>
    /// <param name="last">The presence it left with; null when it did not leave by itself.</param>
    public void ShowGone(Occupant occupant, RoomNotice notice, RoutedStanza? last = null)
    {
        var presence = last ?? Unavailable(null);
        foreach (var other in room.Occupants.ToArray())
        {
            foreach (var session in other.Sessions.ToArray())
            {
                Send(occupant, presence, session.Jid, Extension(occupant, SeesAddresses(other), notice));
            }
        }

        foreach (var session in occupant.Sessions.ToArray())
        {
            Send(occupant, presence, session.Jid, OwnExtension(occupant, notice));
        }
    }

    /// <summary>Shows one session of an occupant that it is gone from this nickname; nobody else sees that.</summary>
    public void ShowGone(Occupant occupant, OccupantSession session, RoomNotice notice, RoutedStanza? last = null) =>
        Send(occupant, last ?? Unavailable(null), session.Jid, UserX(
            [Item(occupant, notice.NewNick is null ? Role.None : occupant.Role, session.Jid, notice)], [.. notice.Codes, 110]));

    /// <summary>Shows a session everybody but its own nickname.</summary>
    public void ShowOthers(Occupant occupant, Jid session)
    {
        foreach (var other in room.Occupants.ToArray())
        {
            if (other != occupant)
            {
                ShowOne(other, occupant, session);
            }
        }
    }

    /// <summary>Shows a session one occupant.</summary>
    public void ShowOne(Occupant shown, Occupant viewer, Jid session) =>
        Send(shown, shown.Presence, session, Extension(shown, SeesAddresses(viewer), RoomNotice.Nothing));

    /// <summary>Unavailable presence, addressed to nobody yet.</summary>
    public RoutedStanza Unavailable(string? status)
    {
        XmlAttribute[] type = [new(StanzaNames.Type, "unavailable")];
        return RoutedStanza.Of(
            status is null
                ? new XmppElement(StanzaNames.Presence, type)
                : new XmppElement(
                    StanzaNames.Presence, type, new XmppElement(new XmlName(XmppNamespaces.Client, "status"), status)),
            room.Jid, room.Jid);
    }

    /// <summary>Whose real addresses are shown to whom (XEP-0045 §4.2).</summary>
    public bool SeesAddresses(Occupant viewer) => room.Options.ShowsAddresses || viewer.Role == Role.Moderator;

    /// <summary>An <c>x</c> element with status codes, which follow what else is in it.</summary>
    public static XmppElement UserX(IEnumerable<XmppElement> content, IEnumerable<int> codes) => new(
        RoomNames.UserX,
        [.. content.Concat(codes.Select(Status)).Select(XmlNode.FromElement)]);

    private static XmppElement Status(int code) => new(
        new XmlName(RoomNames.User, "status"), [new XmlAttribute("code", code.ToString(CultureInfo.InvariantCulture))]);

    private XmppElement OwnExtension(Occupant occupant, RoomNotice notice) =>
        Extension(occupant, withAddresses: true, notice with { Codes = [.. notice.Codes, .. notice.OwnCodes, 110] });

    private XmppElement Extension(Occupant occupant, bool withAddresses, RoomNotice notice)
    {
        var content = new List<XmppElement>();
        if (withAddresses)
        {
            content.AddRange(occupant.Sessions.Select(s => Item(occupant, occupant.Role, s.Jid, notice)));
        }
        else
        {
            content.Add(Item(occupant, occupant.Role, null, notice));
        }

        if (notice.Destroy is { } destroy)
        {
            content.Add(destroy);
        }

        return UserX(content, notice.Codes);
    }

    private XmppElement Item(Occupant occupant, Role role, Jid? address, RoomNotice notice)
    {
        var children = new List<XmlNode>();
        if (notice.Actor is { } actor)
        {
            children.Add(new XmppElement(new XmlName(RoomNames.User, "actor"), [new XmlAttribute("nick", actor)]));
        }

        if (notice.Reason is { Length: > 0 } reason)
        {
            children.Add(new XmppElement(new XmlName(RoomNames.User, "reason"), reason));
        }

        // XEP-0045 §10.9: who is thrown out of a room that is no more has no affiliation with it either.
        var affiliation = notice.Destroy is null ? room.Affiliations.Of(occupant.Account) : Affiliation.None;
        return RoomItem.Create(RoomNames.User, affiliation, role, address, notice.NewNick, [.. children]);
    }

    private void Send(Occupant from, RoutedStanza presence, Jid to, XmppElement extension) =>
        room.Server.Router.Route(presence.Between(from.Jid, to).With(extension));
}
