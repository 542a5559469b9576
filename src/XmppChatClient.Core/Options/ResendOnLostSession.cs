namespace XmppChatClient;

/// <summary>What to do with messages that a lost session leaves unacknowledged. The server may have them or not: what is sent
/// again may arrive twice, what is not may never arrive.</summary>
public enum ResendOnLostSession
{
    /// <summary>Not sent again; their receipts say that they are lost.</summary>
    Never,

    /// <summary>As <see cref="StreamManagementOptions.ResendAsync"/> says of each.</summary>
    Ask,

    /// <summary>Sent again in the next session.</summary>
    Always,
}
