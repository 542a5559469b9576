using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>Connects over WebSocket (RFC 7395): to the endpoint that the server named last, and else to that of the options.
/// </summary>
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
        foreach (var endpoint in EndpointsOf(preferred))
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

        throw new XmppConnectionException($"Cannot connect to the server of {domain}: {string.Join("; ", failures)}");
    }

    private IEnumerable<Uri> EndpointsOf(ServerHost? preferred)
    {
        if (preferred?.Endpoint is { } named && WebSocketEndpoint.ProblemOf(named, _options.Tls) is null)
        {
            yield return named;
        }

        yield return _options.Endpoint!;
    }

    [LoggerMessage(EventId = 12, Level = LogLevel.Debug, Message = "Connected to {Connection}")]
    private partial void LogConnected(string connection);

    [LoggerMessage(EventId = 13, Level = LogLevel.Debug, Message = "An endpoint failed: {Reason}")]
    private partial void LogEndpointFailed(string reason);
}
