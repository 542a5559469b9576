using Microsoft.Extensions.Logging;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>Connects over WebSocket (RFC 7395).</summary>
internal sealed partial class WebSocketConnector(XmppClientOptions options) : WebConnector(options, TransportKind.WebSocket)
{
    private readonly ILogger _logger = options.LoggerFactory.CreateLogger("XmppChatClient.WebSocket");

    protected override async ValueTask<IXmppTransport> ConnectAsync(Uri endpoint, string domain, CancellationToken cancellationToken)
    {
        using var upgrade = new WebSocketUpgrade(Options, ClientCertificate, endpoint);
        return await upgrade.ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool IsFailure(XmppException error) => error is XmppConnectionException;

    [LoggerMessage(EventId = 12, Level = LogLevel.Debug, Message = "Connected to {Connection}")]
    protected override partial void LogConnected(string connection);

    [LoggerMessage(EventId = 13, Level = LogLevel.Debug, Message = "An endpoint failed: {Reason}")]
    protected override partial void LogEndpointFailed(string reason);
}
