using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Tests.Sasl;

namespace Benchmarks.Load;

/// <summary>What the servers of one run have in common: a certificate made for it, and one account.</summary>
internal sealed class ServerIdentity : IDisposable
{
    public const string Domain = "example.test";
    public const string Account = "bot@" + Domain;
    public const string Password = "secret";

    private const int Iterations = 4096;

    // Derived once: what the server computes at a login is not what is measured.
    private static readonly byte[] SaltedPassword = Rfc2898DeriveBytes.Pbkdf2(
        Password, ScramTestServer.Salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xmpp-load-");
    private readonly X509Certificate2 _certificate;

    public ServerIdentity()
    {
        var files = new TestCertificates(_folder.FullName);
        TrustedRoots = files.TrustedRoots;
        _certificate = X509Certificate2.CreateFromPemFile(
            files.CertificateFile(ServerCertificate.Server), files.KeyFile(ServerCertificate.Server));
        Certificate = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The file a bot is told to trust.</summary>
    public string TrustedRoots { get; }

    public SslStreamCertificateContext Certificate { get; }

    public static ScramTestServer NewScram() =>
        new(HashAlgorithmName.SHA256, Password) { SaltedPassword = SaltedPassword, Iterations = Iterations };

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
