using System.Net;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Sasl;
using ChannelBinding = XmppChatClient.Sasl.ChannelBinding;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Turns a byte stream into a TLS one, for STARTTLS and direct TLS alike.</summary>
internal sealed class TlsUpgrade(XmppClientOptions clientOptions, X509Certificate2? clientCertificate)
{
    // XEP-0368 §3: the protocol name of a client's direct TLS.
    public static readonly SslApplicationProtocol Xmpp = new("xmpp-client");

    /// <param name="protocol">What the server is told will be spoken (ALPN); <see langword="null"/> tells nothing.</param>
    /// <exception cref="XmppSecurityException">The certificate does not hold.</exception>
    /// <exception cref="XmppConnectionException">The handshake failed otherwise.</exception>
    public async ValueTask<(SslStream Stream, IReadOnlyList<ChannelBinding> Bindings)> AuthenticateAsync(
        Stream stream, string domain, SslApplicationProtocol? protocol, CancellationToken cancellationToken)
    {
        var check = new CertificateCheck(domain, clientOptions);
        var options = new SslClientAuthenticationOptions
        {
            // RFC 6120 §13.7.1.2: the certificate is for the JID's domain, not for the host that SRV names. A component's server is
            // named by the user alone.
            TargetHost = IPAddress.TryParse(domain, out _) ? domain : Precis.Idna.ToAscii(domain),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = check.Validate,
            ApplicationProtocols = protocol is { } spoken ? [spoken] : null,
            ClientCertificateContext = clientCertificate is null
                ? null
                : SslStreamCertificateContext.Create(clientCertificate, additionalCertificates: null, offline: true),
        };
        var ssl = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await ssl.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException
            or CryptographicException)
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw check switch
            {
                // They could be read when the client was made: whoever is replacing them will be done soon.
                { RootsProblem: { } problem } => new XmppConnectionException(problem.Message, problem),
                { Problem: { } problem } => new XmppSecurityException(problem, e),
                _ => new XmppConnectionException($"TLS with the server of {domain} failed: {e.Message}", e),
            };
        }

        return (ssl, BindingsOf(ssl));
    }

    public static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };

    // SslStream cannot export keying material, so tls-exporter (RFC 9266) is out of reach.
    private static IReadOnlyList<ChannelBinding> BindingsOf(SslStream ssl)
    {
        using var certificate = ssl.RemoteCertificate is { } remote ? new X509Certificate2(remote) : null;
        return TlsChannelBindings.Find(ssl.SslProtocol, certificate, FinishedOf(ssl));
    }

    // The platform gives a Windows SecChannelBindings structure with "tls-unique:" before the data.
    private static byte[] FinishedOf(SslStream ssl)
    {
        const int StructureSize = 32;
        const int PrefixSize = 11;
        if (ssl.SslProtocol != SslProtocols.Tls12)
        {
            return [];
        }

        using var token = ssl.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (token is null || token.IsInvalid || token.Size <= StructureSize + PrefixSize)
        {
            return [];
        }

        var bytes = new byte[token.Size - StructureSize - PrefixSize];
        Marshal.Copy(token.DangerousGetHandle() + StructureSize + PrefixSize, bytes, 0, bytes.Length);
        return bytes;
    }
}
