namespace XmppChatClient.Storage;

/// <summary>A message that was accepted for sending and not acknowledged by the server.</summary>
/// <param name="Number">Its name in the store; messages are sent in the order of their numbers.</param>
/// <param name="Xml">The stanza, with its id.</param>
/// <param name="QueuedAt">When it was accepted.</param>
/// <param name="Position">Which stanza of the stored session it is, if it has been sent in it or will be: the server's count
/// (XEP-0198 v1.6.3 §4) when it has handled it.</param>
/// <param name="MayHaveArrived">Whether it was sent in a session that was lost.</param>
public sealed record StoredMessage(long Number, string Xml, DateTimeOffset QueuedAt, uint? Position, bool MayHaveArrived);
