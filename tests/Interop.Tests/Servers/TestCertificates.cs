using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>A throwaway certificate authority and what it signed, as PEM files in one folder.</summary>
public sealed class TestCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string XmppAddress = "1.3.6.1.5.5.7.8.5";

    private static readonly string[] Names =
    [
        "localhost", "example.test", "anon.example.test", "conference.example.test", "upload.example.test",
        "component.example.test",
    ];

    private readonly string _folder;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _authority;

    /// <summary>Writes the files into <paramref name="folder"/>, which must exist.</summary>
    public TestCertificates(string folder)
    {
        _folder = folder;
        _authority = CreateAuthority();
        File.WriteAllText(TrustedRoots, _authority.ExportCertificatePem());

        Sign("server", "example.test", ServerNames(Names), ServerAuthentication, _now.AddDays(-1), _now.AddDays(30));
        Sign("wronghost", "elsewhere.test", ServerNames(["elsewhere.test"], hasAddress: false), ServerAuthentication, _now.AddDays(-1), _now.AddDays(30));
        Sign("expired", "example.test", ServerNames(Names), ServerAuthentication, _now.AddDays(-20), _now.AddDays(-10));
        Sign("alice", "alice", XmppAddressOf("alice@example.test"), ClientAuthentication, _now.AddDays(-1), _now.AddDays(30));
        SelfSign("selfsigned", "example.test", ServerNames(Names));
    }

    /// <summary>The authority's certificate: what a client is told to trust.</summary>
    public string TrustedRoots => Path.Combine(_folder, "ca.crt");

    /// <summary>Path of a certificate followed by the authority's (unless self-signed).</summary>
    public string CertificateFile(ServerCertificate which) => Path.Combine(_folder, NameOf(which) + ".crt");

    public string KeyFile(ServerCertificate which) => Path.Combine(_folder, NameOf(which) + ".key");

    /// <summary>Key, certificate and authority in one file, the form ejabberd takes.</summary>
    public string BundleFile(ServerCertificate which) => Path.Combine(_folder, NameOf(which) + ".pem");

    /// <summary>PEM file of alice@example.test's certificate for SASL EXTERNAL, with its key.</summary>
    public string AliceFile => Path.Combine(_folder, "alice.pem");

    private static string NameOf(ServerCertificate which) => which switch
    {
        ServerCertificate.Server => "server",
        ServerCertificate.WrongHost => "wronghost",
        ServerCertificate.Expired => "expired",
        _ => "selfsigned",
    };

    private X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=A throwaway authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(60));
    }

    private void Sign(string file, string commonName, X509Extension names, string purpose, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(commonName, key, names, purpose).Create(_authority, from, until, RandomNumberGenerator.GetBytes(12));
        Write(file, key, certificate.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem() + "\n");
    }

    private void SelfSign(string file, string commonName, X509Extension names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(commonName, key, names, ServerAuthentication).CreateSelfSigned(_now.AddDays(-1), _now.AddDays(30));
        Write(file, key, certificate.ExportCertificatePem() + "\n");
    }

    private static CertificateRequest Request(string commonName, ECDsa key, X509Extension names, string purpose)
    {
        var request = new CertificateRequest("CN=" + commonName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(names);
        return request;
    }

    private static X509Extension ServerNames(IEnumerable<string> names, bool hasAddress = true)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            builder.AddDnsName(name);
        if (hasAddress)
            builder.AddIpAddress(IPAddress.Loopback);
        return builder.Build();
    }

    /// <summary>RFC 6120 §13.7.1.4: an otherName of type id-on-xmppAddr, for which the BCL's builder has no method.</summary>
    private static X509Extension XmppAddressOf(string address)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            writer.WriteObjectIdentifier(XmppAddress);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, address);
        }

        return new X509Extension(new Oid("2.5.29.17"), writer.Encode(), false);
    }

    private void Write(string file, ECDsa key, string certificates)
    {
        var keyPem = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(Path.Combine(_folder, file + ".key"), keyPem, Encoding.ASCII);
        File.WriteAllText(Path.Combine(_folder, file + ".crt"), certificates, Encoding.ASCII);
        File.WriteAllText(Path.Combine(_folder, file + ".pem"), keyPem + certificates, Encoding.ASCII);
    }
}
