using System.Net;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Interop.Tests;

/// <summary>Connects when the server is done with the connection before. ejabberd reads what an old link brought beside the new
/// one: asked for its archive a millisecond later, as nobody but a test would, it does not have there yet what is about to
/// arrive.</summary>
internal sealed class FencedDialer(IStreamDialer network, Func<CancellationToken, Task> fence) : IStreamDialer
{
    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        await fence(cancellationToken);
        return await network.DialAsync(address, cancellationToken);
    }
}
