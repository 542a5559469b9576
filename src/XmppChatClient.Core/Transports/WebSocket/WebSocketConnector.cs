using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>Connects over WebSocket (RFC 7395): to the endpoint that the server named last, and else to that of the options, or
/// those that the domain names.</summary>
internal sealed partial class WebSocketConnector : IXmppConnector
{
    private readonly XmppClientOptions _options;
    private readonly X509Certificate2? _clientCertificate;
    private readonly ILogger _logger;

    public WebSocketConnector(XmppClientOptions options)
    {
        _options = options;
        options.CheckTrustedRoots();
        _clientCertificate = options.LoadClientCertificate();
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.WebSocket");
    }

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        return await TryAsync(EndpointsOf(preferred), failures, cancellationToken).ConfigureAwait(false)
            ?? await TryAsync(
                _options.Endpoint is { } endpoint
                    ? [endpoint]
                    : await new HostMetaLookup(_options, TransportKind.WebSocket).FindAsync(domain, failures, cancellationToken).ConfigureAwait(false),
                failures,
                cancellationToken).ConfigureAwait(false)
            ?? throw new XmppConnectionException($"Cannot connect to the server of {domain}: {string.Join("; ", failures)}");
    }

    private IReadOnlyList<Uri> EndpointsOf(ServerHost? preferred) =>
        preferred?.Endpoint is { } named && WebEndpoint.ProblemOf(named, TransportKind.WebSocket, _options.Tls) is null ? [named] : [];

    /// <summary>Connects to the first endpoint that can be reached.</summary>
    /// <returns><see langword="null"/> when none can; <paramref name="failures"/> then says why.</returns>
    private async ValueTask<IXmppTransport?> TryAsync(
        IReadOnlyList<Uri> endpoints, List<string> failures, CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints)
        {
            using var upgrade = new WebSocketUpgrade(_options, _clientCertificate, endpoint);
            try
            {
                var transport = await upgrade.ConnectAsync(cancellationToken).ConfigureAwait(false);
                LogConnected(transport.Description);
                return transport;
            }
            catch (XmppConnectionException e)
            {
                LogEndpointFailed(e.Message);
                failures.Add(e.Message);
            }
        }

        if (endpoints.Count > 0)
        {
            // They may be elsewhere by now.
            _options.HostMeta.Clear();
        }

        return null;
    }

    [LoggerMessage(EventId = 12, Level = LogLevel.Debug, Message = "Connected to {Connection}")]
    private partial void LogConnected(string connection);

    [LoggerMessage(EventId = 13, Level = LogLevel.Debug, Message = "An endpoint failed: {Reason}")]
    private partial void LogEndpointFailed(string reason);
}
