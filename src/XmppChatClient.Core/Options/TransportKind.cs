namespace XmppChatClient;

/// <summary>What carries the session.</summary>
public enum TransportKind
{
    /// <summary>TCP (RFC 6120). The default.</summary>
    Tcp,

    /// <summary>WebSocket (RFC 7395), to <see cref="XmppClientOptions.Endpoint"/>: for networks that let nothing but the web
    /// through.</summary>
    WebSocket,
}
