namespace XmppChatClient.Rooms;

/// <summary>Somebody waits for a room to say that we are in it, or out.</summary>
/// <param name="asked">What was sent.</param>
/// <param name="isUsers">Whether it is the user who waits, and not the module.</param>
internal sealed class RoomWait(Presence asked, bool isEntry, bool isUsers)
{
    /// <summary>The address that is asked for, or given up.</summary>
    public Jid Occupant { get; } = asked.To!;

    public Jid Room => Occupant.Bare;

    public bool IsEntry => isEntry;

    public bool IsUsers => isUsers;

    /// <summary>Our own presence in the room.</summary>
    public TaskCompletionSource<Presence> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether an error is the answer: it is to what was sent, and from the room or from the address that was to be ours.</summary>
    public bool MayRefuse(Presence error) =>
        (error.From == Room || error.From == Occupant) && (error.Id is null || error.Id == asked.Id);
}
