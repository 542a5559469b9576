using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Visitors ask for voice, moderators grant it (XEP-0045 §7.13 and §8.6). Under the gate.</summary>
internal sealed class VoiceRequests(Room room)
{
    /// <summary>Takes a message with such a form.</summary>
    /// <returns>Whether it had one.</returns>
    public bool TryTake(Occupant? sender, RoutedStanza message)
    {
        if (message.Type is not (null or "normal") || message.Child(DataForm.Namespace, "x") is not { } form
            || DataForm.Value(form, "FORM_TYPE") != RoomNames.Request)
        {
            return false;
        }

        switch (sender?.Role)
        {
            case null:
                room.Refuse(message, RoomErrors.NotAnOccupant);
                break;
            case Role.Visitor:
                Ask(sender, message.From);
                break;
            case Role.Moderator:
                Grant(sender, form);
                break;
        }

        return true;
    }

    private void Ask(Occupant visitor, Jid session)
    {
        var form = DataForm.Create(
            "form", RoomNames.Request,
            DataForm.Field("muc#role", "list-single", "participant"),
            DataForm.Field("muc#jid", "jid-single", session.ToString()),
            DataForm.Field("muc#roomnick", "text-single", visitor.Nick),
            DataForm.Field("muc#request_allow", "boolean", "0"));
        var asked = RoutedStanza.Of(new XmppElement(StanzaNames.Message, form), room.Jid, room.Jid);
        room.Broadcast(asked, to: o => o.Role == Role.Moderator);
    }

    private void Grant(Occupant moderator, XmppElement form)
    {
        if (DataForm.Value(form, "muc#request_allow") is "1" or "true"
            && Jid.TryParse(DataForm.Value(form, "muc#jid"), out var session)
            && room.WithSession(session) is { Role: Role.Visitor } visitor)
        {
            room.Rights.SetRole(visitor, Role.Participant, moderator.Nick, reason: null);
        }
    }
}
