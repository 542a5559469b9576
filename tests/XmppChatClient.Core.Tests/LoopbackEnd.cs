using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Core.Tests;

/// <summary>An endpoint of the web on loopback, without TLS.</summary>
internal abstract class LoopbackEnd : IAsyncDisposable
{
    private readonly TransportKind _kind;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    protected LoopbackEnd(TransportKind kind, string path)
    {
        _kind = kind;
        _listener.Start();
        Endpoint = new Uri($"{(kind == TransportKind.Bosh ? "http" : "ws")}://{_listener.LocalEndpoint}/{path}");
    }

    public Uri Endpoint { get; }

    /// <summary>Options to log in there, anonymously, and just once.</summary>
    public XmppClientOptions Options(Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Transport = _kind,
            Endpoint = Endpoint,
            Tls = TlsMode.Disabled,
            Presence = null,
        };
        options.Reconnect.Enabled = false;
        configure?.Invoke(options);
        return options;
    }

    public virtual async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    protected void Accept() => _accepting = AcceptAsync();

    protected abstract Task ServeAsync(Stream connection);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            await ServeAsync(connection.GetStream());
        }
    }
}
