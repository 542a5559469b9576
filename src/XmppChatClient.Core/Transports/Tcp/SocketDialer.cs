using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Transports.Tcp;

internal sealed class SocketDialer : IStreamDialer
{
    public static SocketDialer Instance { get; } = new();

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new SocketStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
