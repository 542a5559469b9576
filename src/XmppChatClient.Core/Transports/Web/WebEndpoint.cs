using XmppChatClient.Streams;

namespace XmppChatClient.Transports.Web;

/// <summary>What a URI must be to be connected to.</summary>
internal static class WebEndpoint
{
    /// <param name="kind">What is spoken there.</param>
    /// <returns><see langword="null"/> when it may be.</returns>
    public static string? ProblemOf(Uri endpoint, TransportKind kind, TlsMode tls)
    {
        var (secure, plain, example) = kind == TransportKind.Bosh
            ? ("https", "http", "BOSH, such as https://example.org/http-bind")
            : ("wss", "ws", "a WebSocket, such as wss://example.org/xmpp-websocket");
        return endpoint switch
        {
            { IsAbsoluteUri: false } => $"must be the URI of {example}: {endpoint}",
            { Scheme: var scheme } when scheme != secure && scheme != plain => $"must be the URI of {example}: {NameOf(endpoint)}",
            { Scheme: var scheme } when scheme == plain && tls != TlsMode.Disabled =>
                $"must begin with {secure}: unless Tls is Disabled: {NameOf(endpoint)}",

            // RFC 6455 §3; what is secret has no place in what is logged.
            { Fragment.Length: > 0 } or { UserInfo.Length: > 0 } =>
                $"must have no user name, password or fragment: {NameOf(endpoint)}",
            _ => null,
        };
    }

    /// <summary>For messages and the log: without a query, which may be secret.</summary>
    public static string NameOf(Uri endpoint) => $"{endpoint.Scheme}://{endpoint.Authority}{endpoint.AbsolutePath}";

    /// <summary>What it means when the server names another URI (RFC 7395 §3.4, XEP-0124 §17.2).</summary>
    public static XmppStreamException SentOn(string uri) => new(new StreamError(StreamErrorCondition.SeeOtherHost)
    {
        OtherHost = uri,
        OtherEndpoint = Uri.TryCreate(uri, UriKind.Absolute, out var other)
            && other is { Scheme: "ws" or "wss" or "http" or "https", UserInfo: "", Fragment: "" } ? other : null,
    });
}
