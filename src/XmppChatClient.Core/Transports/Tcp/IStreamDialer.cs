using System.Net;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Opens a byte stream to one address: the seam at which another network stack takes over. Finding the addresses,
/// trying them side by side, and TLS stay with the client.</summary>
public interface IStreamDialer
{
    /// <summary>Connects to one address. May be called for several addresses at once; what loses the race is cancelled, or
    /// disposed if it was connected already.</summary>
    /// <param name="address">Where to connect to.</param>
    /// <param name="cancellationToken">Cancelled too when the address does not answer in time. Nothing half open may be left
    /// behind then.</param>
    /// <returns>A stream that is read from and written to at the same time, and that the caller disposes, which ends pending
    /// reads. It reports trouble with the network as <see cref="IOException"/> and the end of input as 0 bytes read. A read
    /// into an empty buffer should end when there is something to read, so that idle connections hold no buffer. Each write
    /// is sent at once: the client has gathered already.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The address does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken);
}
