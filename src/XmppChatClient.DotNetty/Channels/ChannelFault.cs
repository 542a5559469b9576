using System.Net.Sockets;

namespace XmppChatClient.Channels;

/// <summary>What went wrong with a channel, in the exceptions that streams and dialers throw.</summary>
internal static class ChannelFault
{
    /// <summary>As a stream reports it, with the socket's error inside.</summary>
    public static IOException Of(Exception cause)
    {
        var error = SocketErrorIn(cause);
        return new IOException(error.Message, error);
    }

    /// <summary>The socket's error that DotNetty has wrapped; where it has none to tell, that the channel is closed.</summary>
    public static SocketException SocketErrorIn(Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (e is SocketException error)
            {
                return new SocketException((int)error.SocketErrorCode, error.Message);
            }
        }

        return new SocketException((int)SocketError.Shutdown, $"The connection is closed ({cause.Message})");
    }
}
