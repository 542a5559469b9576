namespace XmppChatClient.Session;

/// <summary>What follows a session.</summary>
internal enum LostSession
{
    /// <summary>Another one, perhaps.</summary>
    Followed,

    /// <summary>Nothing; the client ends.</summary>
    Last,

    /// <summary>Nothing here, but a later process may go on with it.</summary>
    Kept,
}
