namespace XmppChatClient.NothingLost;

/// <summary>Counts, and says when a count is reached.</summary>
public sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _awaited = [];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Ends when as many, or more, have been counted.</summary>
    public Task ReachedAsync(long count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    internal long Add(long more)
    {
        lock (_gate)
        {
            var count = Interlocked.Add(ref _count, more);
            foreach (var (_, reached) in _awaited.FindAll(a => a.Count <= count))
            {
                reached.TrySetResult();
            }

            _awaited.RemoveAll(a => a.Count <= count);
            return count;
        }
    }
}
