using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Precis;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Certificates;

/// <summary>A root made for this server alone, and the server's certificate that it signed. Nothing of either is stored.
/// </summary>
internal sealed class ServerCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // XEP-0368 §3: the protocol name of a client's direct TLS.
    private static readonly SslApplicationProtocol Xmpp = new("xmpp-client");

    private readonly X509Certificate2 _root;
    private readonly SslStreamCertificateContext _serverContext;

    public ServerCertificates(string domain)
    {
        // Of the machine's clock, as is the client's check, whatever the clock of the test says.
        var now = TimeProvider.System.GetUtcNow();
        _root = MakeRoot(now);
        Root = X509CertificateLoader.LoadCertificate(_root.RawDataMemory.Span);
        Server = Make(domain, now.AddDays(-1), now.AddDays(30));
        _serverContext = ContextOf(Server);
    }

    /// <summary>What a client must trust, without its key.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>The server's own, with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>A certificate with its key for any name, signed by the root.</summary>
    /// <param name="notBefore">Not before the root's own time, which began two days ago.</param>
    /// <param name="notAfter">Not after the root's own time, which ends in a year.</param>
    public X509Certificate2 Make(string domain, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(domain, key).Create(_root, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return Usable(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate with its key for any name, signed by nobody else.</summary>
    public static X509Certificate2 MakeSelfSigned(string domain, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Usable(Request(domain, key).CreateSelfSigned(notBefore, notAfter));
    }

    private static CertificateRequest Request(string domain, ECDsa key)
    {
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Idna.ToAscii(domain));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        return request;
    }

    public SslServerAuthenticationOptions OptionsFor(X509Certificate2 certificate, ConnectionKind kind) => new()
    {
        ServerCertificateContext = certificate == Server ? _serverContext : ContextOf(certificate),
        ApplicationProtocols = kind == ConnectionKind.DirectTls ? [Xmpp] : null,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        Server.Dispose();
        Root.Dispose();
        _root.Dispose();
    }

    private SslStreamCertificateContext ContextOf(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, [Root], offline: true);

    private static X509Certificate2 MakeRoot(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=XmppTestServer root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return request.CreateSelfSigned(now.AddDays(-2), now.AddYears(1));
    }

    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // TLS of Windows takes no key that exists in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
        }
    }
}
