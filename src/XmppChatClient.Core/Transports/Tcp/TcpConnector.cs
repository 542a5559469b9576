using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Connects over TCP: finds the server, tries every target and every address of it, and turns direct TLS on.
/// </summary>
internal sealed partial class TcpConnector : ITryingConnector
{
    private const int StartTlsPort = 5222;
    private const int DirectTlsPort = 5223;

    private readonly XmppClientOptions _options;
    private readonly TargetDialer _dialer;
    private readonly ServiceResolver _services;
    private readonly TlsUpgrade _tls;
    private readonly ILogger _logger;

    // Where we connected last, as long as nobody there has opened a stream.
    private ServiceTarget? _silent;

    public TcpConnector(XmppClientOptions options)
        : this(options, options.Dialer ?? SocketDialer.Instance, new DnsServiceLookup())
    {
    }

    public TcpConnector(XmppClientOptions options, IStreamDialer dialer, IServiceLookup lookup)
    {
        _options = options;
        options.CheckTrustedRoots();
        _dialer = new TargetDialer(options, dialer);
        _services = new ServiceResolver(options, lookup, static most => Random.Shared.Next(most));
        _tls = new TlsUpgrade(options, options.LoadClientCertificate());
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Tcp");
    }

    /// <summary>Whether whoever was connected to last has not said anything of XMPP.</summary>
    public bool IsSilent => _silent is not null;

    private bool Direct => _options.Tls == TlsMode.Direct;

    private int DefaultPort => _options.Port ?? (Direct ? DirectTlsPort : StartTlsPort);

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        return await TryConnectAsync(domain, preferred, failures, cancellationToken).ConfigureAwait(false)
            ?? throw new XmppConnectionException(
                $"Cannot connect to the server of {domain}: {string.Join("; ", failures.Distinct())}");
    }

    public async ValueTask<IXmppTransport?> TryConnectAsync(
        string domain, ServerHost? preferred, List<string> failures, CancellationToken cancellationToken) =>
        await TryAsync(domain, preferred, failures, cancellationToken).ConfigureAwait(false)
            ?? await TryAsync(domain, UsualHostOf(domain), failures, cancellationToken).ConfigureAwait(false);

    private ServerHost UsualHostOf(string domain) => new(_options.Host ?? domain.Trim('[', ']'), _options.Host is null ? null : DefaultPort);

    /// <summary>Connects to the first target of a host that can be reached.</summary>
    /// <returns><see langword="null"/> when none can; <paramref name="failures"/> then says why.</returns>
    private async ValueTask<IXmppTransport?> TryAsync(
        string domain, ServerHost? host, List<string> failures, CancellationToken cancellationToken)
    {
        if (host is null or { Endpoint: not null })
        {
            return null;
        }

        // RFC 6120 §4.9.3.19: a name without a port is looked up as the domain itself would be.
        if (host.Port is not null || _options.Port is not null || IPAddress.TryParse(host.Name, out _))
        {
            var target = new ServiceTarget(host.Name, host.Port ?? DefaultPort, Direct);
            return await TryAsync(domain, [target], failures, cancellationToken).ConfigureAwait(false);
        }

        // Whatever takes connections and then says nothing of XMPP, such as a firewall, must not keep us from the targets behind it.
        var silent = _silent;
        if (silent is not null)
        {
            _services.Forget(host.Name);
        }

        var found = await _services.ResolveAsync(host.Name, DefaultPort, cancellationToken).ConfigureAwait(false);
        failures.AddRange(found.Problems);
        var transport = await TryAsync(domain, [.. found.Targets.OrderBy(t => t == silent)], failures, cancellationToken)
            .ConfigureAwait(false);
        if (transport is not null)
        {
            return transport;
        }

        // The server may have moved since.
        _services.Forget(host.Name);
        if (!found.AreRemembered)
        {
            return null;
        }

        var anew = await _services.ResolveAsync(host.Name, DefaultPort, cancellationToken).ConfigureAwait(false);
        failures.AddRange(anew.Problems);
        transport = await TryAsync(domain, [.. anew.Targets.Except(found.Targets)], failures, cancellationToken).ConfigureAwait(false);
        if (transport is null)
        {
            _services.Forget(host.Name);
        }

        return transport;
    }

    private async ValueTask<IXmppTransport?> TryAsync(
        string domain, IReadOnlyList<ServiceTarget> targets, List<string> failures, CancellationToken cancellationToken)
    {
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

    private async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServiceTarget target, CancellationToken cancellationToken)
    {
        var (stream, way) = await _dialer.DialAsync(target, cancellationToken).ConfigureAwait(false);
        LogConnected(target, way);
        var transport = new TcpTransport(
            stream,
            _options.IsComponent ? target.Host : domain,
            way,
            _tls,
            _options.Limits.ToXmlLimits(),
            _options.LoggerFactory,
            _options.IsComponent ? XmppNamespaces.Component : XmppNamespaces.Client)
        { Answered = () => _silent = null };
        _silent = target;
        if (target.IsDirectTls)
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
