namespace XmppChatClient.Transports.WebSocket;

/// <summary>What a URI must be to be connected to.</summary>
internal static class WebSocketEndpoint
{
    /// <returns><see langword="null"/> when it may be.</returns>
    public static string? ProblemOf(Uri endpoint, TlsMode tls) => endpoint switch
    {
        { IsAbsoluteUri: false } or { Scheme: not ("ws" or "wss") } =>
            $"must be the URI of a WebSocket, such as wss://example.org/xmpp-websocket: {endpoint}",
        { Scheme: "ws" } when tls != TlsMode.Disabled => $"must begin with wss: unless Tls is Disabled: {NameOf(endpoint)}",

        // RFC 6455 §3; what is secret has no place in what is logged.
        { Fragment.Length: > 0 } or { UserInfo.Length: > 0 } =>
            $"must have no user name, password or fragment: {NameOf(endpoint)}",
        _ => null,
    };

    /// <summary>For messages and the log: without a query, which may be secret.</summary>
    public static string NameOf(Uri endpoint) => $"{endpoint.Scheme}://{endpoint.Authority}{endpoint.AbsolutePath}";
}
