using System.Diagnostics.CodeAnalysis;
using System.Net;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.TestSupport;

/// <summary>A network that, once it is told to, takes what the client sends and delivers nothing of it, until the client
/// connects again.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The client disposes of its connection.")]
internal sealed class SwallowingDialer(IStreamDialer network) : IStreamDialer
{
    private volatile Connection? _current;

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
        _current = new Connection(await network.DialAsync(address, cancellationToken));

    public void Swallow() => _current!.IsSwallowing = true;

    private sealed class Connection(Stream inner) : WrappedStream(inner)
    {
        public volatile bool IsSwallowing;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            IsSwallowing ? ValueTask.CompletedTask : base.WriteAsync(buffer, cancellationToken);
    }
}
