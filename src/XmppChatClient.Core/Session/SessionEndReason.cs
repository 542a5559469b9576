namespace XmppChatClient;

/// <summary>Why a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>We closed it.</summary>
    Closed,

    /// <summary>The server closed its stream without an error.</summary>
    ClosedByServer,

    /// <summary>The server ended the stream with an error.</summary>
    StreamError,

    /// <summary>The connection was lost, or could not be made.</summary>
    ConnectionLost,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The server broke the protocol.</summary>
    ProtocolViolation,

    /// <summary>The credentials were refused.</summary>
    AuthenticationFailed,

    /// <summary>Going on would have broken a rule of security.</summary>
    SecurityViolation,

    /// <summary>Something on our side failed that is no trouble with the network or the server; the error's
    /// <see cref="Exception.InnerException"/> is what.</summary>
    Failed,
}
