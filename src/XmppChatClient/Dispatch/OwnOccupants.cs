using XmppChatClient.Rooms;

namespace XmppChatClient.Dispatch;

/// <summary>Which occupants of rooms are ourselves: the room says so with status 110 (XEP-0045 v1.35.1 §7.2.2), and a room is what we
/// have asked to let us in. Noted for the next process, which may go on with the session and is not told again. For one thread at a
/// time.</summary>
internal sealed class OwnOccupants(XmppClient client)
{
    private const int MostRooms = 10_000;

    private readonly OwnEntries _entries = client.Get<OwnEntries>();

    // By room and, with a component, by which of its addresses is there.
    private readonly Dictionary<(Jid Room, Jid? Self), Jid> _byRoom = [];

    /// <summary>Whether we have sent that.</summary>
    public bool HaveSent(Message message)
    {
        if (message.From is not { IsBare: false } from)
        {
            return false;
        }

        var self = client.AnswersFrom(message);
        return _byRoom.TryGetValue((from.Bare, self), out var own)
            ? own == from
            : message.Type == MessageType.Groupchat && client.FindNote(NoteOf(from, self)) == from.Resource;
    }

    public void Learn(Presence presence)
    {
        if (presence.From is not { IsBare: false } from)
        {
            return;
        }

        var self = client.AnswersFrom(presence);
        if (presence.Type == PresenceType.Unavailable && _byRoom.GetValueOrDefault((from.Bare, self)) == from)
        {
            _byRoom.Remove((from.Bare, self));
            client.SetNote(NoteOf(from, self), null);
            if (RoomPresence.IsRename(presence))
            {
                _entries.Add(from.Bare, self);
            }
        }
        else if (presence.Type == PresenceType.Available && RoomPresence.IsOwn(presence) && IsRoom(from, self))
        {
            _byRoom[(from.Bare, self)] = from;
            if (client.FindNote(NoteOf(from, self)) != from.Resource)
            {
                client.SetNote(NoteOf(from, self), from.Resource);
            }
        }
    }

    /// <summary>The session is another one. What is noted stays: it tells who wrote what the room's archive has.</summary>
    public void Clear() => _byRoom.Clear();

    // Anybody can send such presence. An earlier process may have entered, and a change of our name is new to this one.
    private bool IsRoom(Jid from, Jid? self) => _byRoom.ContainsKey((from.Bare, self))
        || ((_entries.TryTake(from.Bare, self) || client.FindNote(NoteOf(from, self)) is not null) && _byRoom.Count < MostRooms);

    private static string NoteOf(Jid occupant, Jid? self) =>
        self is null ? $"occupant:{occupant.Bare}" : $"occupant:{occupant.Bare} {self}";
}
