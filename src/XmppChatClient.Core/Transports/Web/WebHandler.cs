using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Proxies;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Transports.Web;

/// <summary>The platform's HTTP over the client's own dialer, with the client's own check of certificates, and no cookies.
/// Proxies are those that the options or the environment name.</summary>
internal static class WebHandler
{
    /// <param name="options">Say which proxy.</param>
    /// <param name="connect">Makes a connection; see <see cref="DialAsync"/>.</param>
    public static SocketsHttpHandler Create(
        XmppClientOptions options,
        CertificateCheck check,
        X509Certificate2? clientCertificate,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectCallback = connect,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            Proxy = KnownToPlatform(options.Proxy),
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = check.Validate,
                ClientCertificateContext = clientCertificate is null
                    ? null
                    : SslStreamCertificateContext.Create(clientCertificate, additionalCertificates: null, offline: true),
            },
            UseCookies = false,
        };

    // The platform's HTTP has names resolved by the proxy too, knows that under one name alone, and has no port of its own for it.
    private static IWebProxy? KnownToPlatform(IWebProxy? proxy) =>
        proxy is WebProxy { Address: { Scheme: "socks5" or "socks5h" } address } known
            ? new WebProxy(
                new UriBuilder("socks5", address.Host, address.Port < 0 ? ProxySchemes.SocksPort : address.Port).Uri,
                known.BypassProxyOnLocal, known.BypassList, known.Credentials ?? ProxySchemes.CredentialsIn(address))
            : proxy;

    public static async ValueTask<Stream> DialAsync(
        XmppClientOptions options, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = new ServiceTarget(context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await TcpConnector.AddressesAsync(target, cancellationToken).ConfigureAwait(false);
        var dialer = new HappyEyeballs(
            options.Dialer ?? SocketDialer.Instance, options.Timeouts.Connect, options.TimeProvider);
        var (stream, _) = await dialer.DialAsync(addresses, cancellationToken).ConfigureAwait(false);
        return stream;
    }

    /// <summary>Of what the platform wraps, the innermost says what happened.</summary>
    public static string ReasonsOf(Exception e)
    {
        while (true)
        {
            switch (e)
            {
                case AggregateException addresses:
                    return string.Join("; ", addresses.InnerExceptions.Select(i => i.Message).Distinct());
                case { InnerException: { } inner } and not (XmppException or System.Net.Sockets.SocketException):
                    e = inner;
                    continue;
                default:
                    return e.Message.TrimEnd('.');
            }
        }
    }
}
