using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Connects over TCP: finds the server, tries every target and every address of it, and turns direct TLS on.
/// </summary>
internal sealed partial class TcpConnector : IXmppConnector
{
    private const int StartTlsPort = 5222;
    private const int DirectTlsPort = 5223;

    private readonly XmppClientOptions _options;
    private readonly TargetDialer _dialer;
    private readonly IServiceLookup _lookup;
    private readonly TlsUpgrade _tls;
    private readonly ILogger _logger;

    public TcpConnector(XmppClientOptions options)
        : this(options, options.Dialer ?? SocketDialer.Instance, new DnsServiceLookup())
    {
    }

    public TcpConnector(XmppClientOptions options, IStreamDialer dialer, IServiceLookup lookup)
    {
        _options = options;
        options.CheckTrustedRoots();
        _dialer = new TargetDialer(options, dialer);
        _lookup = lookup;
        _tls = new TlsUpgrade(options, options.LoadClientCertificate());
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Tcp");
    }

    private bool Direct => _options.Tls == TlsMode.Direct;

    private int DefaultPort => _options.Port ?? (Direct ? DirectTlsPort : StartTlsPort);

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        return await TryAsync(domain, () => TargetsAsync(preferred, cancellationToken), failures, cancellationToken)
                .ConfigureAwait(false)
            ?? await TryAsync(domain, () => TargetsAsync(domain, cancellationToken), failures, cancellationToken)
                .ConfigureAwait(false)
            ?? throw new XmppConnectionException($"Cannot connect to the server of {domain}: {string.Join("; ", failures)}");
    }

    /// <summary>Connects to the first target that can be reached.</summary>
    /// <returns><see langword="null"/> when none can; <paramref name="failures"/> then says why.</returns>
    private async ValueTask<IXmppTransport?> TryAsync(
        string domain,
        Func<ValueTask<IReadOnlyList<ServiceTarget>>> find,
        List<string> failures,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<ServiceTarget> targets;
        try
        {
            targets = await find().ConfigureAwait(false);
        }
        catch (XmppConnectionException e)
        {
            failures.Add(e.Message);
            return null;
        }

        foreach (var target in targets)
        {
            try
            {
                return await ConnectAsync(domain, target, cancellationToken).ConfigureAwait(false);
            }
            catch (XmppConnectionException e)
            {
                LogTargetFailed(target, e.Message);
                failures.Add(e.Message);
            }
        }

        return null;
    }

    private async ValueTask<IReadOnlyList<ServiceTarget>> TargetsAsync(
        ServerHost? preferred, CancellationToken cancellationToken) => preferred switch
        {
            null or { Endpoint: not null } => [],
            { Port: { } port } => [new ServiceTarget(preferred.Name, port)],

            // RFC 6120 §4.9.3.19: a name without a port is looked up as the domain itself would be.
            _ when _options.Port is null && !IPAddress.TryParse(preferred.Name, out _) =>
                await LookUpAsync(preferred.Name, cancellationToken).ConfigureAwait(false),
            _ => [new ServiceTarget(preferred.Name, DefaultPort)],
        };

    private async ValueTask<IReadOnlyList<ServiceTarget>> TargetsAsync(string domain, CancellationToken cancellationToken)
    {
        if (_options.Host is { } host)
        {
            return [new ServiceTarget(host, DefaultPort)];
        }

        if (_options.Port is not null || IPAddress.TryParse(domain.Trim('[', ']'), out _))
        {
            return [new ServiceTarget(domain.Trim('[', ']'), DefaultPort)];
        }

        return await LookUpAsync(domain, cancellationToken).ConfigureAwait(false);
    }

    private Task<IReadOnlyList<ServiceTarget>> LookUpAsync(string domain, CancellationToken cancellationToken) =>
        new ServiceResolver(_lookup, Random.Shared.Next)
            .ResolveAsync(domain, Direct ? "xmpps-client" : "xmpp-client", DefaultPort, cancellationToken);

    private async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServiceTarget target, CancellationToken cancellationToken)
    {
        var (stream, way) = await _dialer.DialAsync(target, cancellationToken).ConfigureAwait(false);
        LogConnected(target, way);
        var transport = new TcpTransport(
            stream, domain, way, _tls, _options.Limits.ToXmlLimits(), _options.LoggerFactory);
        if (Direct)
        {
            await AuthenticateAsync(transport, target, cancellationToken).ConfigureAwait(false);
        }

        return transport;
    }

    private async ValueTask AuthenticateAsync(TcpTransport transport, ServiceTarget target, CancellationToken cancellationToken)
    {
        // A server that accepts and then says nothing must not hold up the next target.
        using var limit = new CancellationTokenSource(_options.Timeouts.Connect, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await transport.StartDirectTlsAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw new XmppConnectionException(
                $"{target} did not finish TLS within {_options.Timeouts.Connect.TotalSeconds:0.#} s");
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static async ValueTask<IReadOnlyList<IPEndPoint>> AddressesAsync(
        ServiceTarget target, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(target.Host, out var literal))
        {
            return [new IPEndPoint(literal, target.Port)];
        }

        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
            return HappyEyeballs.Interleave(addresses, target.Port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // ArgumentException: what SRV names need not be a host name.
            throw new XmppConnectionException($"The host {target.Host} is not found ({e.Message})", e);
        }
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Debug, Message = "Connected to {Target}: {Way}")]
    private partial void LogConnected(ServiceTarget target, string way);

    [LoggerMessage(EventId = 11, Level = LogLevel.Debug, Message = "{Target} failed: {Reason}")]
    private partial void LogTargetFailed(ServiceTarget target, string reason);
}
