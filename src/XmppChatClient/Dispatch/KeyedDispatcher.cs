namespace XmppChatClient.Dispatch;

/// <summary>Runs work in order per key and side by side across keys. At most so many run at once, and at most so many are
/// in it at all: then the caller waits.</summary>
internal sealed class KeyedDispatcher<TItem>(int concurrency, int capacity, Func<TItem, Task> handle) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<TItem>> _waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _running = new(concurrency);
    private readonly SemaphoreSlim _room = new(capacity);
    private TaskCompletionSource? _idle;

    /// <summary>Adds work; ends when there was room for it.</summary>
    /// <param name="key">What must stay in order shares a key.</param>
    /// <param name="item">Handed to the handler, which must not throw.</param>
    public async ValueTask PostAsync(string key, TItem item, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_waiting.TryGetValue(key, out var queue))
            {
                queue.Enqueue(item);
                return;
            }

            queue = new Queue<TItem>();
            queue.Enqueue(item);
            _waiting.Add(key, queue);
            _ = Task.Run(() => WorkAsync(key, queue), CancellationToken.None);
        }
    }

    /// <summary>Ends when everything added so far is done.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>To be called when nothing is added any more. Work that nothing could stop may go on; what it still releases
    /// stays, and holds nothing that a collector could not free.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running.Dispose();
                _room.Dispose();
            }
        }
    }

    private async Task WorkAsync(string key, Queue<TItem> queue)
    {
        while (TryTake(key, queue, out var item))
        {
            // Taken anew for each item, so that a busy conversation lets the others have their turn.
            await _running.WaitAsync().ConfigureAwait(false);
            try
            {
                await handle(item!).ConfigureAwait(false);
            }
            finally
            {
                _running.Release();
                _room.Release();
            }
        }
    }

    private bool TryTake(string key, Queue<TItem> queue, out TItem? item)
    {
        TaskCompletionSource? idle = null;
        bool taken;
        lock (_gate)
        {
            taken = queue.TryDequeue(out item);
            if (!taken)
            {
                _waiting.Remove(key);
                if (_waiting.Count == 0)
                {
                    (idle, _idle) = (_idle, null);
                }
            }
        }

        idle?.TrySetResult();
        return taken;
    }
}
