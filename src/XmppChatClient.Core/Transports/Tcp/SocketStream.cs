using System.Net.Sockets;

namespace XmppChatClient.Transports.Tcp;

/// <summary>A socket as a stream that sends at once what the kernel has room for. Nearly always that is all, and the objects
/// that an asynchronous send needs, which the socket would keep from then on, are never made.</summary>
internal sealed class SocketStream : NetworkStream
{
    public SocketStream(Socket socket)
        : base(socket, ownsSocket: true) =>
        socket.Blocking = false;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        int sent;
        SocketError error;
        try
        {
            sent = Socket.Send(buffer.Span, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException(e);
        }

        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            var reason = new SocketException((int)error);
            return ValueTask.FromException(new IOException(reason.Message, reason));
        }

        return sent == buffer.Length ? ValueTask.CompletedTask : base.WriteAsync(buffer[sent..], cancellationToken);
    }
}
