using XmppChatClient.Rooms;

namespace XmppChatClient.Dispatch;

/// <summary>Which occupants of rooms are ourselves: the room says so with status 110 (XEP-0045 v1.35.1 §7.2.2). Noted for the
/// next process, which may go on with the session and is not told again. For one thread at a time.</summary>
internal sealed class OwnOccupants(XmppClient client)
{
    // Anybody can send such presence. It silences nobody but its sender, and must not fill the memory.
    private const int MostRooms = 10_000;

    private readonly Dictionary<Jid, Jid> _byRoom = [];

    /// <summary>Whether we have sent that.</summary>
    public bool HaveSent(Message message)
    {
        if (message.From is not { IsBare: false } from)
        {
            return false;
        }

        return _byRoom.TryGetValue(from.Bare, out var own)
            ? own == from
            : message.Type == MessageType.Groupchat && client.FindNote(NoteOf(from)) == from.Resource;
    }

    public void Learn(Presence presence)
    {
        if (presence.From is not { IsBare: false } from)
        {
            return;
        }

        if (presence.Type == PresenceType.Unavailable && _byRoom.GetValueOrDefault(from.Bare) == from)
        {
            _byRoom.Remove(from.Bare);
            client.SetNote(NoteOf(from), null);
        }
        else if (presence.Type == PresenceType.Available && RoomPresence.IsOwn(presence)
            && (_byRoom.ContainsKey(from.Bare) || _byRoom.Count < MostRooms))
        {
            _byRoom[from.Bare] = from;
            if (client.FindNote(NoteOf(from)) != from.Resource)
            {
                client.SetNote(NoteOf(from), from.Resource);
            }
        }
    }

    /// <summary>The session is another one. What is noted stays: it tells who wrote what the room's archive has.</summary>
    public void Clear() => _byRoom.Clear();

    private static string NoteOf(Jid occupant) => $"occupant:{occupant.Bare}";
}
