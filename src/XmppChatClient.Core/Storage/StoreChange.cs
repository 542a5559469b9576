namespace XmppChatClient.Storage;

/// <summary>One change of what is stored.</summary>
public abstract record StoreChange
{
    private protected StoreChange()
    {
    }
}

/// <summary>A message was accepted for sending.</summary>
public sealed record MessageQueued(StoredMessage Message) : StoreChange;

/// <summary>A message has got another place in the session, or has lost the one it had.</summary>
/// <param name="Number">Of the message.</param>
/// <param name="Position"><see cref="StoredMessage.Position"/> from now on.</param>
/// <param name="MayHaveArrived"><see cref="StoredMessage.MayHaveArrived"/> from now on.</param>
public sealed record MessagePlaced(long Number, uint? Position, bool MayHaveArrived) : StoreChange;

/// <summary>What becomes of a message is known; it is to be forgotten.</summary>
public sealed record MessageSettled(long Number) : StoreChange;

/// <summary>A session has begun that may be resumed. There is one at most.</summary>
public sealed record SessionSaved(StoredSession Session) : StoreChange;

/// <summary>The session cannot be resumed any more. Messages that had a position in it have none, and may have arrived.
/// </summary>
public sealed record SessionForgotten : StoreChange;

/// <summary>How many stanzas of the session are dealt with: <see cref="StoredSession.Handled"/> from now on.</summary>
public sealed record StanzasHandled(uint Count) : StoreChange;

/// <summary>A message came, and is still to be handled.</summary>
public sealed record MessageTaken(StoredArrival Arrival) : StoreChange;

/// <summary>A message that came is handled. Its key is remembered: at least those of the last 10,000 messages.</summary>
public sealed record MessageHandled(long Number) : StoreChange;

/// <summary>A note of a module.</summary>
/// <param name="Value"><see langword="null"/> removes it.</param>
public sealed record NoteSet(string Name, string? Value) : StoreChange;
