using XmppChatClient.Transports;

namespace XmppChatClient.Session;

/// <summary>One connection of a session, from login to its end.</summary>
internal sealed class Link(IXmppTransport transport, long startedAt)
{
    private XmppException? _abortReason;

    public IXmppTransport Transport { get; } = transport;

    public long StartedAt { get; } = startedAt;

    /// <summary>Ends with the reason why the stream ended; <see langword="null"/> when the server closed it.</summary>
    public Task<XmppException?> Reading { get; set; } = Task.FromResult<XmppException?>(null);

    /// <summary>Why we cut the connection ourselves, if we did.</summary>
    public XmppException? AbortReason => _abortReason;

    public ValueTask AbortAsync(XmppException reason)
    {
        Interlocked.CompareExchange(ref _abortReason, reason, null);
        return Transport.DisposeAsync();
    }
}
