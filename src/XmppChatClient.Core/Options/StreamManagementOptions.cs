namespace XmppChatClient;

/// <summary>How stanzas are acknowledged, and sessions outlive their connections (XEP-0198 v1.6.3).</summary>
public sealed class StreamManagementOptions
{
    /// <summary>Whether to use it where the server offers it. Default <see langword="true"/>. Without it what is on its way
    /// when a connection is lost may be lost too, and nothing says so.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether a session goes on over the next connection after one is lost. Default <see langword="true"/>.</summary>
    public bool Resume { get; set; } = true;

    /// <summary>When the server is told that a message has arrived. Default <see cref="AcknowledgeMode.OnReceive"/>.</summary>
    public AcknowledgeMode Acknowledge { get; set; }

    /// <summary>How many stanzas may be sent and not acknowledged before senders wait. Default 1,024; at least 1.</summary>
    public int Queue { get; set; } = 1024;

    /// <summary>After how many stanzas the server is asked what it has. Default 64; 1 to <see cref="Queue"/>.</summary>
    public int RequestEvery { get; set; } = 64;

    /// <summary>How long after a stanza the server is asked at the latest what it has. Default 0.5 s; more than zero.</summary>
    public TimeSpan RequestAfter { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the server may take to answer that before its connection is taken for dead. Default 30 s; more than
    /// zero.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What becomes of messages that were not acknowledged when a session was lost for good. Default
    /// <see cref="ResendOnLostSession.Never"/>.</summary>
    public ResendOnLostSession ResendOnLostSession { get; set; }

    /// <summary>Asked for each such message with <see cref="ResendOnLostSession.Ask"/>: whether to send it again. Default none.
    /// </summary>
    public Func<Message, CancellationToken, ValueTask<bool>>? ResendAsync { get; set; }
}
