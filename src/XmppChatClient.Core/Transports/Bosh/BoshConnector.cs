using System.Globalization;
using Microsoft.Extensions.Logging;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Begins sessions of BOSH (XEP-0124).</summary>
internal sealed partial class BoshConnector(XmppClientOptions options) : WebConnector(options, TransportKind.Bosh)
{
    private readonly ILogger _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Bosh");

    protected override async ValueTask<IXmppTransport> ConnectAsync(Uri endpoint, string domain, CancellationToken cancellationToken)
    {
        var http = new BoshHttp(Options, ClientCertificate, endpoint);
        try
        {
            return await BeginAsync(http, domain, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    protected override bool IsFailure(XmppException error) => error is XmppConnectionException or XmppProtocolException;

    private async ValueTask<BoshTransport> BeginAsync(BoshHttp http, string domain, CancellationToken cancellationToken)
    {
        var writer = new BoshWriter(Options.Bosh.KeySequence ? new BoshKeys() : null);
        var from = http.IsEncrypted ? Options.Jid!.Bare.ToString() : null;
        var answer = await CreateAsync(http, writer.Create(domain, from, Options.Bosh.Wait), cancellationToken).ConfigureAwait(false);
        var body = answer.Body ?? throw answer.Error!;
        if (body.IsEnd && body.Wrapper.Attribute("condition") != BoshEnd.SeeOtherUri)
        {
            throw BoshEnd.Of(body, http.Name) ?? ErrorOf(body)
                ?? new XmppConnectionException($"{http.Name} ended the BOSH session instead of beginning it");
        }

        if (body is { IsEnd: false, Type: { } type })
        {
            throw new XmppConnectionException($"{http.Name} began a BOSH session with type='{PeerText.OneLine(type)}'");
        }

        if (body.Wrapper.Attribute("rid") is { } number && number != (writer.Next - 1).ToString(CultureInfo.InvariantCulture))
        {
            throw new XmppConnectionException($"{http.Name} began a BOSH session for another request, rid='{PeerText.OneLine(number)}'");
        }

        // Where we are sent elsewhere, that is what opening a stream ends in.
        var terms = body.IsEnd ? BoshTerms.Ended : BoshTerms.Read(body.Wrapper, Options.Bosh.Wait, http.Name);
        writer.Enter(terms.Id);
        return new BoshTransport(http, writer, terms, body, domain, Options, _logger);
    }

    // First to connect, and then to be answered. What gets lost is not sent again: the server knows a request for one that it has seen by
    // its session (XEP-0124 §14.3), and this one would begin another, unlike the first that nobody can end. Whoever connects tries the next
    // endpoint, or connects again.
    private async ValueTask<BoshAnswer> CreateAsync(BoshHttp http, byte[] request, CancellationToken cancellationToken)
    {
        var patience = Options.Timeouts.Connect * 2;
        using var limit = new CancellationTokenSource(patience, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await http.PostAsync(request, written: null, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new XmppConnectionException($"{http.Name} began no BOSH session within {patience.TotalSeconds:0.#} s");
        }
    }

    private static XmppException? ErrorOf(BoshBody body) =>
        BoshEnd.ContentOf(body).FirstOrDefault(e => e.Name == StreamError.Name) is { } element && StreamError.Read(element) is { } error
            ? new XmppStreamException(error) : null;

    [LoggerMessage(EventId = 15, Level = LogLevel.Debug, Message = "Connected to {Connection}")]
    protected override partial void LogConnected(string connection);

    [LoggerMessage(EventId = 16, Level = LogLevel.Debug, Message = "An endpoint failed: {Reason}")]
    protected override partial void LogEndpointFailed(string reason);
}
