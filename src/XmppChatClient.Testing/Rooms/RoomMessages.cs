using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>What is said in a room: to all, to one, and its subject (XEP-0045 §7.4, §7.5 and §8.1). Under the gate.</summary>
internal sealed class RoomMessages(Room room)
{
    private readonly RoomInvitations _invitations = new(room);
    private readonly VoiceRequests _voice = new(room);
    private RoutedStanza? _subject;
    private DateTimeOffset _subjectAt;

    public void Take(RoutedStanza message)
    {
        var sender = room.WithSession(message.From);
        if (message.IsError)
        {
            TakeError(sender, message);
        }
        else if (!message.To.IsBare)
        {
            ToOccupant(sender, message);
        }
        else if (message.Type == "groupchat")
        {
            ToAll(sender, message);
        }
        else if (!_invitations.TryTake(sender, message) && !_voice.TryTake(sender, message))
        {
            room.Refuse(message, StanzaErrors.ServiceUnavailable);
        }
    }

    /// <summary>Sends who has entered what was said before: as much as it asked for, and the subject last, which ends the
    /// entry (XEP-0045 §7.2.15).</summary>
    public void SendPast(RoutedStanza presence)
    {
        var request = HistoryRequest.Read(presence.Child(RoomNames.Muc, "x"), room.Server.Clock.GetUtcNow());
        foreach (var message in room.History.For(presence.From, request))
        {
            room.Server.Router.Route(message);
        }

        room.Server.Router.Route(
            _subject?.Between(_subject.From, presence.From).With(RoomHistory.Stamp(room.Jid, _subjectAt))
            ?? SubjectMessage(null, room.Jid, presence.From));
    }

    private static RoutedStanza SubjectMessage(string? subject, Jid from, Jid to) => RoutedStanza.Of(
        new XmppElement(
            StanzaNames.Message,
            [new XmlAttribute(StanzaNames.Type, "groupchat")],
            new XmppElement(
                new XmlName(XmppNamespaces.Client, "subject"), subject is { Length: > 0 } ? [subject] : [])),
        from, to);

    // XEP-0045 §7.5: with a body it is a message that has a subject, and changes nothing.
    private static bool ChangesSubject(RoutedStanza message) => message.Has(XmppNamespaces.Client, "subject")
        && !message.Has(XmppNamespaces.Client, "body") && !message.Has(XmppNamespaces.Client, "thread");

    private void ToAll(Occupant? sender, RoutedStanza message)
    {
        var changesSubject = ChangesSubject(message);
        StanzaError? problem = sender switch
        {
            null => RoomErrors.NotAnOccupant,
            { Role: < Role.Participant } => RoomErrors.NoVoice,
            { Role: < Role.Moderator } when changesSubject && !room.Options.AllowSubjectChange => RoomErrors.SubjectForbidden,
            _ => null,
        };
        if (problem is not null)
        {
            room.Refuse(message, problem);
            return;
        }

        var said = message.Between(sender!.Jid, room.Jid).Without(SpeaksForTheRoom);
        if (changesSubject)
        {
            _subject = SubjectMessage(said.Child(XmppNamespaces.Client, "subject")!.Text, sender.Jid, room.Jid);
            _subjectAt = room.Server.Clock.GetUtcNow();
        }

        foreach (var module in room.Server.Modules.All)
        {
            said = module.RoomMessageAccepted(room, said);
        }

        room.History.Add(said);
        room.Broadcast(said);
    }

    // Only the room itself says when it got a message and which id it gave it.
    private bool SpeaksForTheRoom(XmppElement child) => (child.Name.Namespace, child.Name.LocalName) switch
    {
        (RoomNames.Delay or RoomNames.OldDelay, _) => IsRoom(child.Attribute("from")),
        (RoomNames.StanzaIds, "stanza-id") => IsRoom(child.Attribute("by")),
        _ => false,
    };

    private bool IsRoom(string? address) => Jid.TryParse(address, out var jid) && jid == room.Jid;

    private void ToOccupant(Occupant? sender, RoutedStanza message)
    {
        if (sender is null)
        {
            room.Refuse(message, RoomErrors.NotAnOccupant);
        }
        else if (message.Type == "groupchat")
        {
            room.Refuse(message, StanzaErrors.BadRequest with { Text = "What is for all goes to the room" });
        }
        else if (room.WithNick(message.To.Resource) is { } receiver)
        {
            room.SendTo(receiver, message
                .Between(sender.Jid, receiver.Jid)
                .Without(c => c.Name.Namespace is RoomNames.Muc or RoomNames.User)
                .With(new XmppElement(RoomNames.UserX)));
        }
        else
        {
            room.Refuse(message, RoomErrors.NoSuchOccupant);
        }
    }

    private void TakeError(Occupant? sender, RoutedStanza message)
    {
        if (sender is null)
        {
            return;
        }

        var error = message.Child(XmppNamespaces.Client, "error");
        if (RoomErrors.EndsTheStay(error is null ? null : StanzaError.Read(error)))
        {
            room.Drop(sender, message.From);
        }
        else if (room.WithNick(message.To.Resource) is { } receiver)
        {
            room.SendTo(receiver, message.Between(sender.Jid, receiver.Jid));
        }
    }
}
