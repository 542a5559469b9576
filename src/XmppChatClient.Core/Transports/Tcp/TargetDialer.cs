using System.Net;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Proxies;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Opens connections to targets over a dialer: directly, or through the proxy that the options or the environment name for
/// them.</summary>
internal sealed class TargetDialer(XmppClientOptions options, IStreamDialer dialer)
{
    /// <returns>The connection, and how it goes: <c>127.0.0.1:5222</c>, or by which proxy.</returns>
    /// <exception cref="XmppSecurityException">The certificate of the proxy does not hold, or a component would go to another machine in
    /// the clear.</exception>
    /// <exception cref="XmppConnectionException">The target cannot be reached; the message names it.</exception>
    public async ValueTask<(Stream Stream, string Way)> DialAsync(ServiceTarget target, CancellationToken cancellationToken)
    {
        if (ProxyServer.Find(options.Proxy ?? HttpClient.DefaultProxy, target, out var name) is not { } proxy)
        {
            var (direct, address) = await ReachAsync(target, target.ToString(), cancellationToken).ConfigureAwait(false);
            return (direct, address.ToString());
        }

        Stream stream;
        try
        {
            (stream, _) = await ReachAsync(proxy.Target, "it", cancellationToken).ConfigureAwait(false);
        }
        catch (XmppConnectionException e)
        {
            throw new XmppConnectionException($"{target} cannot be reached through {proxy}: {e.Message}", e);
        }

        return (await PassAsync(stream, proxy, name, cancellationToken).ConfigureAwait(false), $"{target} through {proxy}");
    }

    private async ValueTask<(Stream Stream, IPEndPoint Address)> ReachAsync(
        ServiceTarget target, string name, CancellationToken cancellationToken)
    {
        var addresses = await TcpConnector.AddressesAsync(target, cancellationToken).ConfigureAwait(false);
        if (options is { IsComponent: true, Tls: TlsMode.Required })
        {
            addresses = OfThisMachine(target, addresses);
        }

        try
        {
            return await new HappyEyeballs(dialer, options.Timeouts.Connect, options.TimeProvider)
                .DialAsync(addresses, cancellationToken).ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            var reasons = string.Join("; ", e.InnerExceptions.Select(i => i.Message).Distinct());
            throw new XmppConnectionException($"{name} cannot be reached ({reasons})", e);
        }
    }

    // XEP-0114 has no TLS: what it carries must not leave the machine unless somebody says so.
    private static IReadOnlyList<IPEndPoint> OfThisMachine(ServiceTarget target, IReadOnlyList<IPEndPoint> addresses)
    {
        IPEndPoint[] own = [.. addresses.Where(a => IPAddress.IsLoopback(a.Address))];
        return own.Length > 0 ? own : throw new XmppSecurityException(
            $"{target} is another machine, and components have no TLS of their own (XEP-0114): connect to a tunnel on this one, set Tls to "
            + "Direct where the server takes TLS from the first byte, or to Disabled where everybody on the way may read and change all.");
    }

    private async ValueTask<Stream> PassAsync(
        Stream stream, ProxyServer proxy, ServiceTarget target, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeouts.Connect, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var answer = new ProxyAnswer(stream);
        try
        {
            if (proxy.IsEncrypted)
            {
                (stream, _) = await new TlsUpgrade(options, clientCertificate: null)
                    .AuthenticateAsync(stream, proxy.Target.Host, protocol: null, either.Token).ConfigureAwait(false);
                answer = new ProxyAnswer(stream);
            }

            if (proxy.IsSocks)
            {
                await SocksTunnel.OpenAsync(stream, answer, target, proxy.Credentials, either.Token).ConfigureAwait(false);
            }
            else
            {
                await HttpTunnel.OpenAsync(stream, answer, target, proxy.Credentials, either.Token).ConfigureAwait(false);
            }

            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var reason = e switch
            {
                OperationCanceledException => $"made no connection within {options.Timeouts.Connect.TotalSeconds:0.#} s"
                    + (answer.Beginning is { Length: > 0 } beginning ? $"; it began with: {beginning}" : ""),
                ProxyException => e.Message,
                IOException => $"broke the connection off ({e.Message})",
                XmppConnectionException => $"failed ({e.Message})",
                _ => null,
            };
            if (reason is null)
            {
                throw;
            }

            throw new XmppConnectionException($"{target} cannot be reached: {proxy} {reason}", e);
        }
    }
}
