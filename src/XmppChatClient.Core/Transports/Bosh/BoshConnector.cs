using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Begins a session of BOSH (XEP-0124): at the endpoint that the server named last, and else at that of the options, or those
/// that the domain names.</summary>
internal sealed partial class BoshConnector : ITryingConnector
{
    private readonly XmppClientOptions _options;
    private readonly X509Certificate2? _clientCertificate;
    private readonly ILogger _logger;

    public BoshConnector(XmppClientOptions options)
    {
        _options = options;
        options.CheckTrustedRoots();
        _clientCertificate = options.LoadClientCertificate();
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Bosh");
    }

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        return await TryConnectAsync(domain, preferred, failures, cancellationToken).ConfigureAwait(false)
            ?? throw new XmppConnectionException($"Cannot connect to the server of {domain}: {string.Join("; ", failures)}");
    }

    public async ValueTask<IXmppTransport?> TryConnectAsync(
        string domain, ServerHost? preferred, List<string> failures, CancellationToken cancellationToken) =>
        await TryAsync(domain, EndpointsOf(preferred), failures, cancellationToken).ConfigureAwait(false)
            ?? await TryAsync(
                domain,
                _options.Endpoint is { } endpoint
                    ? [endpoint]
                    : await new HostMetaLookup(_options, TransportKind.Bosh).FindAsync(domain, failures, cancellationToken)
                        .ConfigureAwait(false),
                failures,
                cancellationToken).ConfigureAwait(false);

    private IReadOnlyList<Uri> EndpointsOf(ServerHost? preferred) =>
        preferred?.Endpoint is { } named && WebEndpoint.ProblemOf(named, TransportKind.Bosh, _options.Tls) is null ? [named] : [];

    /// <summary>Begins at the first endpoint that lets us.</summary>
    /// <returns><see langword="null"/> when none does; <paramref name="failures"/> then says why.</returns>
    private async ValueTask<IXmppTransport?> TryAsync(
        string domain, IReadOnlyList<Uri> endpoints, List<string> failures, CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints)
        {
            var http = new BoshHttp(_options, _clientCertificate, endpoint);
            try
            {
                var transport = await BeginAsync(http, domain, cancellationToken).ConfigureAwait(false);
                LogConnected(transport.Description);
                return transport;
            }
            catch (Exception e)
            {
                http.Dispose();
                if (e is not (XmppConnectionException or XmppProtocolException))
                {
                    throw;
                }

                LogEndpointFailed(e.Message);
                failures.Add(e.Message.TrimEnd('.'));
            }
        }

        if (endpoints.Count > 0)
        {
            // They may be elsewhere by now.
            _options.HostMeta.Clear();
        }

        return null;
    }

    private async ValueTask<BoshTransport> BeginAsync(BoshHttp http, string domain, CancellationToken cancellationToken)
    {
        var writer = new BoshWriter(_options.Bosh.KeySequence ? new BoshKeys() : null);
        var answer = await CreateAsync(http, writer.Create(domain, _options.Bosh.Wait), cancellationToken).ConfigureAwait(false);
        var body = answer.Body ?? throw answer.Error!;
        if (body.IsEnd && body.Wrapper.Attribute("condition") != BoshEnd.SeeOtherUri)
        {
            throw BoshEnd.Of(body, http.Name) ?? ErrorOf(body)
                ?? new XmppConnectionException($"{http.Name} ended the BOSH session instead of beginning it");
        }

        if (body is { IsEnd: false, Type: { } type })
        {
            throw new XmppConnectionException($"{http.Name} began a BOSH session with type='{WebAnswer.Safe(type)}'");
        }

        // Where we are sent elsewhere, that is what opening a stream ends in.
        var terms = body.IsEnd ? BoshTerms.Ended : BoshTerms.Read(body.Wrapper, _options.Bosh.Wait, http.Name);
        writer.Enter(terms.Id);
        return new BoshTransport(http, writer, terms, body, domain, _options, _logger);
    }

    // First to connect, and then to be answered.
    private async ValueTask<BoshAnswer> CreateAsync(BoshHttp http, byte[] request, CancellationToken cancellationToken)
    {
        var patience = _options.Timeouts.Connect * 2;
        using var limit = new CancellationTokenSource(patience, _options.TimeProvider);
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
    private partial void LogConnected(string connection);

    [LoggerMessage(EventId = 16, Level = LogLevel.Debug, Message = "An endpoint failed: {Reason}")]
    private partial void LogEndpointFailed(string reason);
}
