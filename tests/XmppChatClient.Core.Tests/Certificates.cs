using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Core.Tests;

/// <summary>The certificates of one class of tests, and the folder they are in.</summary>
public sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xmpp-certificates-");
    private readonly TestCertificates _files;

    public Certificates() => _files = new TestCertificates(_folder.FullName);

    public string TrustedRoots => _files.TrustedRoots;

    public string FileOf(ServerCertificate which) => _files.CertificateFile(which);

    public string Folder => _folder.FullName;

    public X509Certificate2 Of(ServerCertificate which) =>
        X509Certificate2.CreateFromPemFile(_files.CertificateFile(which), _files.KeyFile(which));

    public void Dispose() => _folder.Delete(recursive: true);
}
