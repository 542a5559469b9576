using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Invitations by way of the room, and their declining (XEP-0045 §7.8.2). Those sent past the room (XEP-0249) are
/// plain messages to it. Under the gate.</summary>
internal sealed class RoomInvitations(Room room)
{
    /// <summary>Takes a message that has to do with invitations.</summary>
    /// <returns>Whether it had.</returns>
    public bool TryTake(Occupant? sender, RoutedStanza message)
    {
        if (message.Type is not (null or "normal") || message.Child(RoomNames.User, "x") is not { } x)
        {
            return false;
        }

        var asked = Array.FindAll(x.Elements.ToArray(), c => c.Name.Namespace == RoomNames.User
            && c.Name.LocalName is "invite" or "decline" && c.Attribute("to") is not null);
        if (asked.Length == 0)
        {
            room.Refuse(message, StanzaErrors.BadRequest);
        }
        else if (Array.Exists(asked, c => !Jid.TryParse(c.Attribute("to"), out _)))
        {
            room.Refuse(message, RoomErrors.JidMalformed with { Type = StanzaErrorType.Cancel });
        }
        else if (Array.Exists(asked, c => c.Name.LocalName == "invite") && !MayInvite(sender, message.From))
        {
            room.Refuse(message, StanzaErrors.Forbidden);
        }
        else
        {
            foreach (var request in asked)
            {
                Pass(sender, message, request);
            }
        }

        return true;
    }

    private static XmppElement Note(XmppElement request, Jid from) => new(
        request.Name,
        [new XmlAttribute(StanzaNames.From, from.ToString())],
        request.Child(RoomNames.User, "reason") is { } reason ? [reason] : []);

    private bool MayInvite(Occupant? sender, Jid from) => room.Options.IsMembersOnly
        ? room.Affiliations.Of(from) >= Affiliation.Admin
        : (sender?.Role ?? room.DefaultRole(room.Affiliations.Of(from))) >= Role.Participant;

    private void Pass(Occupant? sender, RoutedStanza message, XmppElement request)
    {
        var to = Jid.Parse(request.Attribute("to")!);
        var carrier = message.Between(room.Jid, to).Without(
            c => c.Name.Namespace is RoomNames.User or RoomNames.Muc or RoomNames.DirectInvitation);
        if (request.Name.LocalName == "decline")
        {
            Decline(carrier.With(new XmppElement(RoomNames.UserX, Note(request, message.From))));
            return;
        }

        if (room.Options.IsMembersOnly && room.Affiliations.Of(to) == Affiliation.None)
        {
            room.Rights.SetAffiliation(to.Bare, Affiliation.Member, sender?.Nick, reason: null);
        }

        // Who invites stays hidden where addresses are.
        var from = sender is not null && !room.Options.ShowsAddresses ? sender.Jid : message.From;
        var content = new List<XmlNode> { Note(request, from) };
        if (room.Options.Password is { } password)
        {
            content.Add(new XmppElement(new XmlName(RoomNames.User, "password"), password));
        }

        var direct = new List<XmlAttribute> { new("jid", room.Jid.ToString()) };
        if (request.Child(RoomNames.User, "reason") is { } reason)
        {
            direct.Add(new XmlAttribute("reason", reason.Text));
        }

        var invitation = carrier
            .With(new XmppElement(RoomNames.UserX, [.. content]))
            .With(new XmppElement(new XmlName(RoomNames.DirectInvitation, "x"), [.. direct]));
        room.Server.Router.Route(carrier.Has(XmppNamespaces.Client, "body")
            ? invitation
            : invitation.With(new XmppElement(
                new XmlName(XmppNamespaces.Client, "body"), $"{from} invites you to the room {room.Jid}")));
    }

    private void Decline(RoutedStanza declined)
    {
        if (declined.To.Bare != room.Jid)
        {
            room.Server.Router.Route(declined);
        }
        else if (room.WithNick(declined.To.Resource) is { } inviter)
        {
            room.SendTo(inviter, declined);
        }
    }
}
