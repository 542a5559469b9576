using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Transports.Web;

/// <summary>Connects over a transport of the web: to the endpoint that the server named last, and else to that of the options, or those
/// that the domain names (XEP-0156).</summary>
internal abstract class WebConnector : ITryingConnector
{
    private readonly TransportKind _kind;

    /// <param name="kind">What is spoken at an endpoint.</param>
    protected WebConnector(XmppClientOptions options, TransportKind kind)
    {
        (Options, _kind) = (options, kind);
        options.CheckTrustedRoots();
        ClientCertificate = options.LoadClientCertificate();
    }

    protected XmppClientOptions Options { get; }

    protected X509Certificate2? ClientCertificate { get; }

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
                Options.Endpoint is { } endpoint
                    ? [endpoint]
                    : await new HostMetaLookup(Options, _kind).FindAsync(domain, failures, cancellationToken).ConfigureAwait(false),
                failures,
                cancellationToken).ConfigureAwait(false);

    /// <summary>Connects to one endpoint.</summary>
    protected abstract ValueTask<IXmppTransport> ConnectAsync(Uri endpoint, string domain, CancellationToken cancellationToken);

    /// <summary>Whether another endpoint may do where one failed so.</summary>
    protected abstract bool IsFailure(XmppException error);

    protected abstract void LogConnected(string connection);

    protected abstract void LogEndpointFailed(string reason);

    private IReadOnlyList<Uri> EndpointsOf(ServerHost? preferred) =>
        preferred?.Endpoint is { } named && WebEndpoint.ProblemOf(named, _kind, Options.Tls) is null ? [named] : [];

    /// <summary>Connects to the first endpoint that lets us.</summary>
    /// <returns><see langword="null"/> when none does; <paramref name="failures"/> then says why.</returns>
    private async ValueTask<IXmppTransport?> TryAsync(
        string domain, IReadOnlyList<Uri> endpoints, List<string> failures, CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints)
        {
            try
            {
                var transport = await ConnectAsync(endpoint, domain, cancellationToken).ConfigureAwait(false);
                LogConnected(transport.Description);
                return transport;
            }
            catch (XmppException e) when (IsFailure(e))
            {
                LogEndpointFailed(e.Message);
                failures.Add(e.Message.TrimEnd('.'));
            }
        }

        if (endpoints.Count > 0)
        {
            // They may be elsewhere by now.
            Options.HostMeta.Clear();
        }

        return null;
    }
}
