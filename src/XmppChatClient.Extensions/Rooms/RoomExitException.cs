namespace XmppChatClient.Rooms;

/// <summary>We are not in the room any longer, and do not come back to it by ourselves.</summary>
public sealed class RoomExitException(Jid room, RoomExit exit) : XmppException($"We are not in {room} any longer: {exit}.")
{
    /// <summary>Its address.</summary>
    public Jid Room { get; } = room;

    /// <summary>How that came.</summary>
    public RoomExit Exit { get; } = exit;
}
