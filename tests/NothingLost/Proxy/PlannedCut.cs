namespace XmppChatClient.NothingLost.Proxy;

/// <summary>A cut that waits for its byte. Disposing of it withdraws it, if it has not happened.</summary>
public sealed class PlannedCut : IDisposable
{
    private readonly ProxyDirection _direction;
    private readonly long? _connection;
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PlannedCut(ProxyDirection direction, long bytes, CutKind kind, long? connection)
    {
        _direction = direction;
        _connection = connection;
        Remaining = bytes;
        Kind = kind;
    }

    /// <summary>Ends when the connection has been cut.</summary>
    public Task Made => _made.Task;

    internal long Remaining { get; set; }

    internal CutKind Kind { get; }

    public void Dispose() => _direction.Withdraw(this);

    internal bool Concerns(long connection) => _connection is null || _connection == connection;

    internal void IsMade() => _made.TrySetResult();
}
