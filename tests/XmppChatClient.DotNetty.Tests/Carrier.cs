using System.Net;
using System.Net.Sockets;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>Carries a scripted server's bytes over TCP on loopback, the client's end of it on DotNetty.</summary>
internal sealed class Carrier(IStreamDialer server) : IStreamDialer
{
    private readonly XmppClientOptions _options = new XmppClientOptions().UseDotNetty();

    public static IStreamDialer Of(IStreamDialer server) => new Carrier(server);

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = listener.AcceptSocketAsync(cancellationToken);
        var stream = await _options.Dialer!.DialAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        var peer = await accepting;
        var script = await server.DialAsync(address, cancellationToken);
        _ = CarryAsync(script, peer);
        return stream;
    }

    /// <summary>Passes everything on between a script and the socket of a connection that was accepted for it.</summary>
    public static async Task CarryAsync(Stream script, Socket peer)
    {
        using var connection = new NetworkStream(peer, ownsSocket: true);
        var toClient = PassOnAsync(script, connection);
        var toServer = PassOnAsync(connection, script);
        await Task.WhenAny(toClient, toServer);
        peer.Shutdown(SocketShutdown.Send);
        await toServer;
        await script.DisposeAsync();
        await toClient;
    }

    private static async Task PassOnAsync(Stream from, Stream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // One side is gone; the other is told by the end of its input.
        }
    }
}
