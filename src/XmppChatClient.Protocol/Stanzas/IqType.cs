namespace XmppChatClient;

/// <summary>RFC 6120 §8.2.3.</summary>
public enum IqType
{
    /// <summary>Asks for something.</summary>
    Get,

    /// <summary>Asks to change something.</summary>
    Set,

    /// <summary>It is done.</summary>
    Result,

    /// <summary>It is not, and why.</summary>
    Error,
}
