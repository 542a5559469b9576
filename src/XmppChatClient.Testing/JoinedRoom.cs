namespace XmppChatClient.Testing;

/// <summary>What a room showed to a user that entered it.</summary>
/// <param name="Occupant">The user's address in the room.</param>
/// <param name="Self">The user's own presence there, the last of all.</param>
/// <param name="Others">That of the others, oldest first.</param>
/// <param name="History">What was said before, oldest first.</param>
/// <param name="Subject">Empty when there is none.</param>
public sealed record JoinedRoom(
    Jid Occupant, Presence Self, IReadOnlyList<Presence> Others, IReadOnlyList<Message> History, string Subject);
