namespace XmppChatClient.Testing.Rooms;

/// <summary>What an occupant may do while in a room (XEP-0045 §5.1), the lower first.</summary>
internal enum Role
{
    None,
    Visitor,
    Participant,
    Moderator,
}
