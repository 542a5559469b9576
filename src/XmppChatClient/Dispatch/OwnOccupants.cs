using XmppChatClient.Rooms;

namespace XmppChatClient.Dispatch;

/// <summary>Which occupants of rooms are ourselves: the room says so with status 110 (XEP-0045 v1.35.1 §7.2.2). For one
/// thread at a time.</summary>
internal sealed class OwnOccupants
{
    // Anybody can send such presence. It silences nobody but its sender, and must not fill the memory.
    private const int MostRooms = 10_000;

    private readonly Dictionary<Jid, Jid> _byRoom = [];

    public bool Contains(Jid jid) => _byRoom.Count > 0 && _byRoom.GetValueOrDefault(jid.Bare) == jid;

    public void Learn(Presence presence)
    {
        if (presence.From is not { IsBare: false } from)
        {
            return;
        }

        if (presence.Type == PresenceType.Unavailable && Contains(from))
        {
            _byRoom.Remove(from.Bare);
        }
        else if (presence.Type == PresenceType.Available && RoomPresence.IsOwn(presence)
            && (_byRoom.ContainsKey(from.Bare) || _byRoom.Count < MostRooms))
        {
            _byRoom[from.Bare] = from;
        }
    }

    public void Clear() => _byRoom.Clear();
}
