using System.Collections.Concurrent;
using System.Net;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Contracts;

/// <summary>A network that can be told to cut the client's connections, without a word to the client or the server.</summary>
internal sealed class CuttableDialer(IStreamDialer network) : IStreamDialer
{
    private readonly ConcurrentQueue<Stream> _open = new();

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var stream = await network.DialAsync(address, cancellationToken);
        _open.Enqueue(stream);
        return stream;
    }

    public void Cut()
    {
        while (_open.TryDequeue(out var stream))
        {
            stream.Dispose();
        }
    }
}
