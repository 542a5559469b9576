namespace XmppChatClient;

/// <summary>RFC 6121 §5.2.2.</summary>
public enum MessageType
{
    /// <summary>Outside a conversation; also what an unknown type counts as.</summary>
    Normal,

    /// <summary>One-to-one chat.</summary>
    Chat,

    /// <summary>To or from a room.</summary>
    Groupchat,

    /// <summary>An alert, to which no reply is expected.</summary>
    Headline,

    /// <summary>One of ours could not be delivered. Never to be answered.</summary>
    Error,
}
