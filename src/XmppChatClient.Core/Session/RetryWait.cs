namespace XmppChatClient.Session;

/// <summary>The wait before an attempt to connect. A change of the network cuts short what is left of it, once.</summary>
internal sealed class RetryWait : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly TimeSpan _delay;
    private readonly TimeSpan _afterChange;
    private readonly ITimer _timer;
    private readonly IDisposable _network;
    private bool _isCut;

    /// <param name="delay">How long to wait.</param>
    /// <param name="afterChange">How long to wait at most once the network has changed. It comes with many changes at once, and
    /// is of use some time after the first of them.</param>
    public RetryWait(TimeSpan delay, TimeSpan afterChange, TimeProvider time, INetworkChanges network)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _delay = delay;
        _afterChange = afterChange;
        _timer = time.CreateTimer(static wait => ((RetryWait)wait!)._over.TrySetResult(), this, delay, Timeout.InfiniteTimeSpan);
        _network = network.Watch(OnNetworkChanged);
    }

    /// <summary>Ends when the wait is over.</summary>
    public Task Over => _over.Task;

    public void Dispose()
    {
        _network.Dispose();
        _timer.Dispose();
    }

    private void OnNetworkChanged()
    {
        lock (_gate)
        {
            if (!_isCut && _delay - _time.GetElapsedTime(_startedAt) > _afterChange)
            {
                _isCut = true;
                _timer.Change(_afterChange, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
