using System.Net;
using System.Net.Sockets;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.DotNetty.Tests;

/// <summary>A stream of the dialer under test, connected to a plain socket.</summary>
internal sealed class Loopback(Stream stream, Socket peer) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    public Socket Peer { get; } = peer;

    public static async Task<Loopback> ConnectAsync(IStreamDialer dialer, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = listener.AcceptSocketAsync(cancellationToken);
        var stream = await dialer.DialAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        return new Loopback(stream, await accepting);
    }

    /// <summary>Has the peer break the connection off with a reset.</summary>
    public void Reset()
    {
        Peer.LingerState = new LingerOption(true, 0);
        Peer.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        Peer.Dispose();
    }
}
