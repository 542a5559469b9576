using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace XmppChatClient.TestSupport;

/// <summary>A proxy on loopback: HTTP's CONNECT, over TLS with a certificate, or SOCKS5, as the scheme says. Whatever it is asked for, it
/// connects to one place.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly string _scheme;
    private readonly EndPoint _target;
    private readonly NetworkCredential? _credentials;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    public TestProxy(string scheme, EndPoint target, NetworkCredential? credentials = null, X509Certificate2? certificate = null)
    {
        (_scheme, _target, _credentials, _certificate) = (scheme, target, credentials, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"{_scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What it was asked for, as <c>name:port</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.WaitAsync(Hang.Limit);
        await Task.WhenAll(_connections).WaitAsync(Hang.Limit);
        _stop.Dispose();
        _certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        await Task.Yield();
        try
        {
            using var accepted = connection;
            Stream stream = connection.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                stream = tls;
            }

            if (!await (_scheme.StartsWith("socks", StringComparison.Ordinal) ? AcceptSocksAsync(stream) : AcceptHttpAsync(stream)))
            {
                return;
            }

            using var onward = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await onward.ConnectAsync(_target, _stop.Token);
            await using var target = new NetworkStream(onward);
            await stream.WriteAsync(
                _scheme.StartsWith("socks", StringComparison.Ordinal)
                    ? (byte[])[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]
                    : "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n"u8.ToArray(),
                _stop.Token);
            var there = stream.CopyToAsync(target, _stop.Token);
            var back = target.CopyToAsync(stream, _stop.Token);
            await Task.WhenAny(there, back);
            onward.Dispose();
            connection.Dispose();
            await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever is to know is told by the end of the connection.
        }
    }

    private async Task<bool> AcceptHttpAsync(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(stream, 1))[0]);
        }

        var lines = head.ToString().Split("\r\n");
        if (_credentials is not null)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_credentials.UserName}:{_credentials.Password}"));
            if (!lines.Contains($"Proxy-Authorization: Basic {basic}"))
            {
                await stream.WriteAsync(
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
                    _stop.Token);
                return false;
            }
        }

        _asked.Enqueue(lines[0].Split(' ') is ["CONNECT", var target, "HTTP/1.1"] ? target : lines[0]);
        return true;
    }

    private async Task<bool> AcceptSocksAsync(Stream stream)
    {
        var methods = await ReadAsync(stream, (await ReadAsync(stream, 2))[1]);
        var method = (byte)(_credentials is null ? 0 : 2);
        var isOffered = methods.Contains(method);
        await stream.WriteAsync((byte[])[5, isOffered ? method : (byte)0xFF], _stop.Token);
        if (!isOffered)
        {
            return false;
        }

        if (_credentials is not null)
        {
            await ReadAsync(stream, 1);
            var user = Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));
            var password = Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));
            var isRight = (user, password) == (_credentials.UserName, _credentials.Password);
            await stream.WriteAsync((byte[])[1, (byte)(isRight ? 0 : 1)], _stop.Token);
            if (!isRight)
            {
                return false;
            }
        }

        var host = (await ReadAsync(stream, 4))[3] switch
        {
            1 => new IPAddress(await ReadAsync(stream, 4)).ToString(),
            4 => $"[{new IPAddress(await ReadAsync(stream, 16))}]",
            _ => Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0])),
        };
        var port = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(stream, 2));
        _asked.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"));
        return true;
    }

    private async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }
}
