namespace XmppChatClient.Testing.Rooms;

/// <summary>A lasting right in a room (XEP-0045 §5.2), the lower first.</summary>
internal enum Affiliation
{
    Outcast,
    None,
    Member,
    Admin,
    Owner,
}
