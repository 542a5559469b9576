using System.Diagnostics.CodeAnalysis;
using System.Net;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Contracts;

/// <summary>A network that can be told to cut the client's connection, without a word to the client or the server.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The client disposes of its connection.")]
internal sealed class CuttableDialer(IStreamDialer network) : IStreamDialer
{
    private volatile Stream? _current;

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
        _current = await network.DialAsync(address, cancellationToken);

    public void Cut() => _current!.Dispose();
}
