namespace XmppChatClient.Testing.Streams;

/// <summary>How a stream goes on after an element.</summary>
internal enum StreamStep
{
    Continue,

    /// <summary>The client opens its stream anew (RFC 6120 §4.3.3).</summary>
    Restart,

    /// <summary>TLS begins, and then the stream anew.</summary>
    StartTls,
}
