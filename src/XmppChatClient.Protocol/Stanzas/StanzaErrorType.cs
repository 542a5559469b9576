namespace XmppChatClient.Stanzas;

/// <summary>What the sender can do about an error (RFC 6120 §8.3.2).</summary>
public enum StanzaErrorType
{
    /// <summary>Retry after providing credentials.</summary>
    Auth,

    /// <summary>Do not retry.</summary>
    Cancel,

    /// <summary>Go on: it was only a warning.</summary>
    Continue,

    /// <summary>Retry after changing what was sent.</summary>
    Modify,

    /// <summary>Retry after waiting.</summary>
    Wait,
}
