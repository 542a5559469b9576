namespace XmppChatClient;

/// <summary>How available somebody is (RFC 6121 §4.7.2.1).</summary>
public enum PresenceShow
{
    /// <summary>Simply there.</summary>
    Online,

    /// <summary>Wants to chat.</summary>
    Chat,

    /// <summary>Away for a moment.</summary>
    Away,

    /// <summary>Away for longer.</summary>
    Xa,

    /// <summary>Not to be disturbed.</summary>
    Dnd,
}
