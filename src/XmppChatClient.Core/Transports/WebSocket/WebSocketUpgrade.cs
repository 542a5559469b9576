using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>One attempt to make a WebSocket: TCP by the client's own dialer, directly or to the proxy that the options or
/// the environment name, then TLS, then HTTP's upgrade.</summary>
internal sealed class WebSocketUpgrade : IDisposable
{
    private const string Subprotocol = "xmpp";

    // What no message passes for that long is kept alive by a pong that nobody asked for: routers and proxies forget a silent
    // connection. That the server is still there is found out by pings and acknowledgements of XMPP, as over TCP: the
    // platform's own would take a reader that waits for its handlers for a dead server.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(30);

    private readonly XmppClientOptions _options;
    private readonly Uri _endpoint;
    private readonly CertificateCheck _check;
    private readonly RefusalWatch _watch;
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _limit;
    private CancellationToken _cancelled;
    private Stream? _connection;
    private SslStream? _tls;

    public WebSocketUpgrade(XmppClientOptions options, X509Certificate2? clientCertificate, Uri endpoint)
    {
        _options = options;
        _endpoint = endpoint;
        Name = WebEndpoint.NameOf(endpoint);
        _check = new CertificateCheck(Name, options);
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.TimeProvider);
        var handler = WebHandler.Create(options, _check, clientCertificate, DialAsync);
        handler.PlaintextStreamFilter = LookAtTls;
        _watch = new RefusalWatch(handler);
        _http = new HttpMessageInvoker(_watch);
    }

    private string Name { get; }

    /// <exception cref="XmppSecurityException">The certificate does not hold.</exception>
    /// <exception cref="XmppConnectionException">It failed otherwise; the message names the endpoint.</exception>
    public async ValueTask<WebSocketTransport> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Subprotocol);
        socket.Options.KeepAliveInterval = KeepAliveInterval;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _limit.Token);
        _cancelled = either.Token;
        try
        {
            await socket.ConnectAsync(_endpoint, _http, either.Token).ConfigureAwait(false);
            if (socket.SubProtocol != Subprotocol)
            {
                throw new XmppConnectionException(
                    $"{Name} is a WebSocket without the subprotocol '{Subprotocol}', so not one of XMPP (RFC 7395 §3.1)");
            }

            return new WebSocketTransport(
                socket,
                _endpoint,
                new UpgradeResult(
                    _tls is null ? null : TlsUpgrade.NameOf(_tls.SslProtocol), _tls is { LocalCertificate: not null }),
                _options);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            socket.Dispose();

            // The platform keeps for some seconds what is not finished, in case that another request wants it.
            _connection?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure(e);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _limit.Dispose();
    }

    private async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The platform goes on connecting when nobody waits for it any more.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancelled);
        _connection = await WebHandler.DialAsync(_options, context, either.Token).ConfigureAwait(false);

        // From here on a server that accepts and then says nothing would be waited for.
        _limit.CancelAfter(_options.Timeouts.Connect);
        return _connection;
    }

    private ValueTask<Stream> LookAtTls(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        // On the way through a proxy there is first a stream to that.
        _tls = context.PlaintextStream as SslStream;
        return new ValueTask<Stream>(context.PlaintextStream);
    }

    private XmppException Failure(Exception e) => e switch
    {
        XmppException known => known,
        OperationCanceledException => new XmppConnectionException(
            $"{Name} did not become a WebSocket within {_options.Timeouts.Connect.TotalSeconds:0.#} s"),
        _ => this switch
        {
            // They could be read when the client was made: whoever is replacing them will be done soon.
            { _check.RootsProblem: { } problem } => new XmppConnectionException(problem.Message, problem),
            { _check.Problem: { } problem } => new XmppSecurityException(problem, e),
            { _watch.Refusal: { } refusal } => new XmppConnectionException($"{Name} {refusal}", e),
            _ => new XmppConnectionException($"{Name} cannot be reached ({WebHandler.ReasonsOf(e)})", e),
        },
    };
}
