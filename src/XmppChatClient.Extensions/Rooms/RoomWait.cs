namespace XmppChatClient.Rooms;

/// <summary>Somebody waits for a room to say that we are in it, or out.</summary>
/// <param name="occupant">The address that was asked for, or is given up.</param>
internal sealed class RoomWait(Jid occupant, bool isEntry)
{
    public Jid Room { get; } = occupant.Bare;

    public bool IsEntry { get; } = isEntry;

    /// <summary>Whether an error from that address is the answer: it is that of the room, or was ours.</summary>
    public bool MayRefuse(Jid from) => from == Room || from == occupant;

    /// <summary>Our own presence in the room.</summary>
    public TaskCompletionSource<Presence> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
