using XmppChatClient.Transports;

namespace XmppChatClient.Session;

/// <summary>One connection of a session, from login to its end.</summary>
internal sealed class Link(IXmppTransport transport, long startedAt) : IAsyncDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private XmppException? _abortReason;

    public IXmppTransport Transport { get; } = transport;

    public long StartedAt { get; } = startedAt;

    /// <summary>Ends with the reason why the stream ended; <see langword="null"/> when the server closed it.</summary>
    public Task<XmppException?> Reading { get; set; } = Task.FromResult<XmppException?>(null);

    /// <summary>Why we cut the connection ourselves, if we did.</summary>
    public XmppException? AbortReason => _abortReason;

    /// <summary>Cancelled when the connection is cut: not every stream ends a read when it is disposed.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>As <see cref="AbortAsync"/>, for whoever cannot wait.</summary>
    public void Abort(XmppException reason) => _ = AbortAsync(reason).AsTask();

    public ValueTask AbortAsync(XmppException reason)
    {
        Interlocked.CompareExchange(ref _abortReason, reason, null);
        return DisposeAsync();
    }

    // The source stays undisposed: it has no timer, and an abort may come at any time.
    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync().ConfigureAwait(false);
        await Transport.DisposeAsync().ConfigureAwait(false);
    }
}
