using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Requests of owners: to configure the room and to destroy it (XEP-0045 §10). Under the gate.</summary>
internal sealed class RoomOwnership(Room room)
{
    public void Take(IqRequest request)
    {
        if (room.Affiliations.Of(request.From) != Affiliation.Owner)
        {
            request.Refuse(RoomErrors.OwnersOnly);
        }
        else if (!request.IsSet)
        {
            request.Reply(new XmppElement(RoomNames.OwnerQuery, RoomForm.Write(room.Options)));
        }
        else if (request.Payload.Child(RoomNames.Owner, "destroy") is { } destroy)
        {
            Destroy(request, destroy);
        }
        else if (request.Payload.Child(DataForm.Namespace, "x") is { } form)
        {
            Configure(request, form);
        }
        else
        {
            request.Refuse(StanzaErrors.BadRequest);
        }
    }

    private void Configure(IqRequest request, XmppElement form)
    {
        switch (form.Attribute("type"))
        {
            case "cancel":
                // XEP-0045 §10.1.3 has a new room end by this. In Prosody and ejabberd it stays as it is, so here too.
                request.Reply();
                break;
            case "submit":
                Submit(request, form);
                break;
            default:
                request.Refuse(StanzaErrors.BadRequest with { Text = "The form is not submitted" });
                break;
        }
    }

    private void Submit(IqRequest request, XmppElement form)
    {
        var before = room.Options;
        if (RoomForm.TryRead(form, before, out var after) is { } problem)
        {
            request.Refuse(problem);
            return;
        }

        room.Options = after;
        room.IsLocked = false;
        room.History.Trim();
        if (after.IsMembersOnly && !before.IsMembersOnly)
        {
            room.Rights.RemoveNonMembers();
        }

        request.Reply();
        var codes = new List<int>();
        if (after.ShowsAddresses != before.ShowsAddresses)
        {
            codes.Add(after.ShowsAddresses ? 172 : 173);
        }

        if (after != before with { ShowsAddresses = after.ShowsAddresses })
        {
            codes.Add(104);
        }

        if (codes.Count > 0)
        {
            room.Broadcast(RoutedStanza.Of(
                new XmppElement(
                    StanzaNames.Message, [new XmlAttribute(StanzaNames.Type, "groupchat")], RoomPresences.UserX([], codes)),
                room.Jid, room.Jid));
        }
    }

    private void Destroy(IqRequest request, XmppElement destroy)
    {
        XmlAttribute[] venue = [];
        if (destroy.Attribute("jid") is { } address)
        {
            if (!Jid.TryParse(address, out var jid))
            {
                request.Refuse(StanzaErrors.BadRequest);
                return;
            }

            venue = [new XmlAttribute("jid", jid.ToString())];
        }

        var content = new List<XmlNode>();
        foreach (var name in new[] { "reason", "password" })
        {
            if (destroy.Child(RoomNames.Owner, name) is { } given)
            {
                content.Add(new XmppElement(new XmlName(RoomNames.User, name), given.Content));
            }
        }

        room.Destroy(new XmppElement(new XmlName(RoomNames.User, "destroy"), venue, [.. content]));
        request.Reply();
    }
}
