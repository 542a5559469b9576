using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>
/// XMPP by hand: sends text as it is, hands back text as it came. It proves what a server does without any code of the
/// product, and so reads no XML: <see cref="ReadUntilAsync"/> looks for the words a server is known to use.
/// </summary>
public sealed class RawStream : IAsyncDisposable
{
    private readonly XmppServer _server;
    private readonly TcpClient _connection;
    private readonly byte[] _chunk = new byte[16384];
    private Stream _stream;
    private string _received = "";

    private RawStream(XmppServer server, TcpClient connection)
    {
        _server = server;
        _connection = connection;
        _stream = connection.GetStream();
    }

    /// <summary>The TLS layer, once there is one: version, protocol, the certificate shown.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>What checking the server's certificate against the test authority came to; it is accepted either way.</summary>
    public SslPolicyErrors CertificateErrors { get; private set; }

    public static async Task<RawStream> ConnectAsync(XmppServer server, int port, CancellationToken cancellationToken)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(server.Host, port, cancellationToken);
        return new RawStream(server, connection);
    }

    /// <summary>Opens, or opens anew, the stream: the server's header and features.</summary>
    public async Task<string> OpenAsync(CancellationToken cancellationToken, string? domain = null)
    {
        await SendAsync(
            $"<?xml version='1.0'?><stream:stream to='{domain ?? _server.Domain}' version='1.0' xmlns='jabber:client' " +
            "xmlns:stream='http://etherx.jabber.org/streams'>",
            cancellationToken);
        return await ReadUntilAsync(["</stream:features>", "</stream:stream>"], cancellationToken);
    }

    /// <summary>From an open stream to TLS; what the server offered before it.</summary>
    public async Task<string> StartTlsAsync(CancellationToken cancellationToken, SslProtocols versions = SslProtocols.None, X509Certificate2? certificate = null, string? domain = null)
    {
        var before = await OpenAsync(cancellationToken, domain);
        await SendAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", cancellationToken);
        await ReadUntilAsync(["<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"], cancellationToken);
        await SecureAsync(cancellationToken, versions, certificate, alpn: false);
        return before;
    }

    /// <summary>The TLS handshake, for direct TLS with the protocol name xmpp-client (XEP-0368).</summary>
    public async Task SecureAsync(CancellationToken cancellationToken, SslProtocols versions = SslProtocols.None, X509Certificate2? certificate = null, bool alpn = true)
    {
        using var roots = X509CertificateLoader.LoadCertificateFromFile(_server.TrustedRoots);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(roots);
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _server.Domain,
                EnabledSslProtocols = versions,
                CertificateChainPolicy = policy,
                ClientCertificates = certificate is null ? null : [certificate],
                ApplicationProtocols = alpn ? [new SslApplicationProtocol("xmpp-client")] : null,
#pragma warning disable CA5359 // Whatever the server shows is noted, and judged by the test.
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                {
                    CertificateErrors = errors;
                    return true;
                },
#pragma warning restore CA5359
            },
            cancellationToken);
    }

    /// <summary>The server's verdict on an &lt;auth/&gt; with an initial response: success or failure.</summary>
    public async Task<string> AuthenticateAsync(string mechanism, string initialResponse, CancellationToken cancellationToken)
    {
        var response = initialResponse.Length == 0 ? "=" : Convert.ToBase64String(Encoding.UTF8.GetBytes(initialResponse));
        await SendAsync($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>{response}</auth>", cancellationToken);
        return await ReadUntilAsync(["<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "</success>", "</failure>", "</stream:stream>"], cancellationToken);
    }

    /// <summary>STARTTLS, PLAIN, a new stream and a resource: the features after login and the reply to bind.</summary>
    public async Task<string> LoginAsync(string user, string password, CancellationToken cancellationToken)
    {
        await StartTlsAsync(cancellationToken);
        await OpenAsync(cancellationToken);
        var verdict = await AuthenticateAsync("PLAIN", $"\0{user}\0{password}", cancellationToken);
        if (!verdict.Contains("<success", StringComparison.Ordinal))
            return verdict;
        var features = await OpenAsync(cancellationToken);
        return features + await RequestAsync("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", cancellationToken);
    }

    /// <summary>Sends an IQ and reads up to the end of the next IQ.</summary>
    public async Task<string> RequestAsync(string iq, CancellationToken cancellationToken)
    {
        await SendAsync(iq, cancellationToken);
        return await ReadUntilAsync(["</iq>", "type='result'/>"], cancellationToken);
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>The text up to and with the first of <paramref name="ends"/> to be found in it.</summary>
    public async Task<string> ReadUntilAsync(string[] ends, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = ends.Select(end => (At: _received.IndexOf(end, StringComparison.Ordinal), end.Length)).Where(hit => hit.At >= 0).ToArray();
            if (found.Length > 0)
            {
                var until = found.Min(hit => hit.At + hit.Length);
                var text = _received[..until];
                _received = _received[until..];
                return text;
            }

            var read = await _stream.ReadAsync(_chunk, cancellationToken).AsTask().WaitAsync(Hang.Limit, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException($"The server closed the connection; its last words: {_received}");
            _received += Encoding.UTF8.GetString(_chunk, 0, read);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
    }
}
