using System.Net;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Opens a byte stream to one address: the seam at which another network stack takes over.</summary>
public interface IStreamDialer
{
    /// <exception cref="System.Net.Sockets.SocketException">The address does not answer.</exception>
    ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken);
}
