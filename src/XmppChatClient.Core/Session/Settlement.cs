namespace XmppChatClient.Session;

/// <summary>What becomes of a message that a lost session left.</summary>
internal enum Settlement
{
    /// <summary>It is not sent again.</summary>
    Lost,

    /// <summary>The server has it.</summary>
    Arrived,

    /// <summary>It is sent again.</summary>
    Resend,
}
