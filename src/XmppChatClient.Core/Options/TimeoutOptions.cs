namespace XmppChatClient;

/// <summary>How long to wait. Each is more than zero.</summary>
public sealed class TimeoutOptions
{
    /// <summary>For one address to accept the TCP connection; then as long again for an endpoint to become a WebSocket or to begin a session
    /// of BOSH, and as long for each host-meta file to come. Over BOSH also how long requests that get no answer are sent again before the
    /// connection counts as lost. Default 15 s.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>From the open TCP connection to the bound resource: TLS, authentication and all. Default 30 s.</summary>
    public TimeSpan Handshake { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For the answer to a request. Default 30 s.</summary>
    public TimeSpan Request { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For the server to acknowledge the last stanzas and to close its side when we closed ours; before that, when
    /// there is no connection, for one try to go on with the session. Default 2 s.</summary>
    public TimeSpan Close { get; set; } = TimeSpan.FromSeconds(2);
}
