using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>An endpoint on loopback that does with each connection what a test says.</summary>
internal sealed class WebEnd : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<WebVisit, Task> _serve;
    private readonly List<Task> _visits = [];
    private readonly Task _accepting;

    private WebEnd(Func<WebVisit, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"ws://{_listener.LocalEndpoint}/ws");

    /// <param name="serve">Its failures come out where the endpoint is disposed.</param>
    public static WebEnd Start(Func<WebVisit, Task> serve) => new(serve);

    /// <summary>Options to log in there, anonymously, and just once.</summary>
    public XmppClientOptions Options(Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Transport = TransportKind.WebSocket,
            Endpoint = Endpoint,
            Tls = TlsMode.Disabled,
            Presence = null,
        };
        options.Reconnect.Enabled = false;
        configure?.Invoke(options);
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_visits);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _visits.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
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
            await _serve(new WebVisit(connection.GetStream()));
        }
    }
}
