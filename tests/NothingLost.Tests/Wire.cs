using System.Net;
using System.Net.Sockets;
using XmppChatClient.Core.Tests;
using XmppChatClient.NothingLost.Proxy;

namespace XmppChatClient.NothingLost.Tests;

/// <summary>A proxy with a socket at each end of it.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly Socket _listener;

    private Wire(Socket listener, TimeProvider? clock)
    {
        _listener = listener;
        Proxy = FaultProxy.Start((IPEndPoint)listener.LocalEndPoint!, clock);
    }

    public FaultProxy Proxy { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Wire Create(TimeProvider? clock = null)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return new Wire(listener, clock);
    }

    public async Task<(WireEnd Client, WireEnd Server)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(Proxy.EndPoint, Token);
        return (new WireEnd(client), new WireEnd(await _listener.AcceptAsync(Token).AsTask().Soon()));
    }

    /// <summary>Nobody is behind the proxy any more.</summary>
    public void StopServer() => _listener.Dispose();

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        _listener.Dispose();
    }
}
