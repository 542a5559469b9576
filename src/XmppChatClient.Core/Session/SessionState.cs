namespace XmppChatClient;

/// <summary>Where a client stands.</summary>
public enum SessionState
{
    /// <summary>Not started yet.</summary>
    Idle,

    /// <summary>Connecting and negotiating.</summary>
    Connecting,

    /// <summary>In a session: stanzas can be sent.</summary>
    Online,

    /// <summary>Waiting to connect again.</summary>
    Waiting,

    /// <summary>Ended for good.</summary>
    Closed,
}
