using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests.Login;

/// <summary>Stands between a client and a server's direct TLS with a certificate of its own for the server's domain, and passes on what
/// both say, as somebody could who has got that certificate.</summary>
internal sealed class LyingProxy : IAsyncDisposable
{
    private readonly XmppServer _server;
    private readonly SslProtocols _versions;
    private readonly X509Certificate2 _certificate;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _said = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xmpp-proxy-");
    private readonly Task _running;

    public LyingProxy(XmppServer server, SslProtocols versions = SslProtocols.None)
    {
        (_server, _versions) = (server, versions);
        Certificates = new TestCertificates(_folder.FullName);
        _certificate = X509Certificate2.CreateFromPemFile(
            Certificates.CertificateFile(ServerCertificate.Server), Certificates.KeyFile(ServerCertificate.Server));
        _listener.Start();
        _running = RunAsync();
    }

    public TestCertificates Certificates { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it stands there: otherwise it passes on what TLS is made of.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>All that clients have said through it.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _running;
        _certificate.Dispose();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var upstream = new TcpClient();
        using (client)
        {
            try
            {
                await upstream.ConnectAsync(_server.Host, _server.DirectTlsPort, _end.Token);
                Stream near = client.GetStream();
                Stream far = upstream.GetStream();
                if (IsActive)
                {
                    var (nearTls, farTls) = (new SslStream(near), new SslStream(far));
                    await nearTls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions
                        {
                            ServerCertificate = _certificate,
                            EnabledSslProtocols = _versions,
                            ApplicationProtocols = [new SslApplicationProtocol("xmpp-client")],
                        },
                        _end.Token);
                    await farTls.AuthenticateAsClientAsync(
                        new SslClientAuthenticationOptions
                        {
                            TargetHost = _server.Domain,
                            EnabledSslProtocols = _versions,
                            ApplicationProtocols = [new SslApplicationProtocol("xmpp-client")],
#pragma warning disable CA5359 // Who lies to one side need not look closely at the other.
                            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                        },
                        _end.Token);
                    (near, far) = (nearTls, farTls);
                }

                await Task.WhenAny(CopyAsync(near, far, hears: IsActive), CopyAsync(far, near, hears: false));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException or SocketException)
            {
            }
        }
    }

    private async Task CopyAsync(Stream from, Stream to, bool hears)
    {
        try
        {
            var buffer = new byte[16384];
            while (await from.ReadAsync(buffer, _end.Token) is var count and > 0)
            {
                if (hears)
                {
                    lock (_said)
                    {
                        _said.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    }
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
