namespace XmppChatClient.Session;

/// <summary>Whether a message that asked for a receipt has come to a client of its receiver. Any thread.</summary>
internal sealed class Delivery(Jid peer, string id)
{
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDelivered;

    public (Jid Peer, string Id) Key => (peer, id);

    /// <summary>Also of a message that was taken for lost before.</summary>
    public bool IsDelivered => _isDelivered;

    public void Succeed()
    {
        _isDelivered = true;
        _delivered.TrySetResult();
    }

    public void Fail(XmppException error)
    {
        _delivered.TrySetException(error);

        // Nobody need ever ask.
        _ = _delivered.Task.Exception;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _delivered.Task.WaitAsync(cancellationToken);
}
