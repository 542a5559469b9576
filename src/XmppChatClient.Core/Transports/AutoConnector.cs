using XmppChatClient.Transports.Bosh;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Transports.WebSocket;

namespace XmppChatClient.Transports;

/// <summary>Connects in the ways that the domain offers: over TCP, as DNS SRV says (XEP-0368), then over WebSocket and BOSH, as its host-meta
/// files say (XEP-0156).</summary>
internal sealed class AutoConnector(XmppClientOptions options) : IXmppConnector
{
    private readonly TcpConnector _tcp = new(options);
    private readonly WebSocketConnector _webSocket = new(options);
    private readonly BoshConnector _bosh = new(options);

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var connector in InOrder(preferred))
        {
            if (await connector.TryConnectAsync(domain, preferred, failures, cancellationToken).ConfigureAwait(false) is { } transport)
            {
                return transport;
            }
        }

        throw new XmppConnectionException(
            $"Cannot connect to the server of {domain}: {string.Join("; ", failures.Distinct())}");
    }

    private ITryingConnector[] InOrder(ServerHost? preferred) => preferred?.Endpoint?.Scheme switch
    {
        "ws" or "wss" => [_webSocket, _tcp, _bosh],
        "http" or "https" => [_bosh, _tcp, _webSocket],

        // Networks that let nothing but the web through may take connections all the same.
        _ when _tcp.IsSilent => [_webSocket, _bosh, _tcp],
        _ => [_tcp, _webSocket, _bosh],
    };
}
