namespace XmppChatClient;

/// <summary>What carries the session.</summary>
public enum TransportKind
{
    /// <summary>TCP (RFC 6120). The default.</summary>
    Tcp,

    /// <summary>WebSocket (RFC 7395), to <see cref="XmppClientOptions.Endpoint"/>: for networks that let nothing but the web
    /// through.</summary>
    WebSocket,

    /// <summary>BOSH (XEP-0124 v1.11.2, XEP-0206 v1.4), HTTP requests that the server answers when it has something to say, to
    /// <see cref="XmppClientOptions.Endpoint"/>: for networks where even WebSockets do not pass.</summary>
    Bosh,

    /// <summary>What the domain offers: TCP where it can be reached, else WebSocket, else BOSH.</summary>
    Auto,
}
