namespace XmppChatClient.Dispatch;

/// <summary>Runs work in order per key and side by side across keys. At most so many run at once, and at most so many are
/// in it at all: then the caller waits.</summary>
/// <remarks>A worker goes on with whatever is ready, so that quick handlers cost no change of thread; before each piece of
/// work it sees to it that another worker is on its way if more is ready, since a handler may take its time.</remarks>
internal sealed class KeyedDispatcher<TItem>(int concurrency, int capacity, Func<TItem, Task> handle) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Conversation> _active = new(StringComparer.Ordinal);
    private readonly Queue<Conversation> _ready = new();
    private readonly Stack<Conversation> _spare = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private int _items;
    private int _workers;
    private bool _workerIsComing;

    /// <summary>Adds work; ends when there was room for it.</summary>
    /// <param name="key">What must stay in order shares a key.</param>
    /// <param name="item">Handed to the handler, which must not throw.</param>
    public ValueTask PostAsync(string key, TItem item, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_items < capacity)
            {
                Add(key, item);
                return ValueTask.CompletedTask;
            }
        }

        return WaitAndAddAsync(key, item, cancellationToken);
    }

    /// <summary>Ends when everything added so far is done.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_items == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WorkAsync();

    private async ValueTask WaitAndAddAsync(string key, TItem item, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_items < capacity)
                {
                    Add(key, item);
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Add(string key, TItem item)
    {
        _items++;
        if (!_active.TryGetValue(key, out var conversation))
        {
            conversation = _spare.TryPop(out var spare) ? spare : new Conversation();
            conversation.Key = key;
            _active.Add(key, conversation);
            _ready.Enqueue(conversation);
        }

        conversation.Items.Enqueue(item);
        CallWorker();
    }

    private void CallWorker()
    {
        if (_ready.Count > 0 && !_workerIsComing && _workers < concurrency)
        {
            _workerIsComing = true;
            _workers++;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WorkAsync()
    {
        lock (_gate)
        {
            _workerIsComing = false;
        }

        Conversation? conversation = null;
        while (TryTake(ref conversation, out var item))
        {
            await handle(item!).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the work on a conversation, if there was one, and begins the next.</summary>
    private bool TryTake(ref Conversation? conversation, out TItem? item)
    {
        TaskCompletionSource? room = null;
        TaskCompletionSource? idle = null;
        bool taken;
        lock (_gate)
        {
            if (conversation is not null)
            {
                _items--;
                (room, _room) = (_room, null);
                PutBack(conversation);
                if (_items == 0)
                {
                    (idle, _idle) = (_idle, null);
                }
            }

            taken = _ready.TryDequeue(out conversation);
            item = taken ? conversation!.Items.Dequeue() : default;
            _workers -= taken ? 0 : 1;
            CallWorker();
        }

        room?.TrySetResult();
        idle?.TrySetResult();
        return taken;
    }

    // Behind the others, so that a busy conversation lets them have their turn.
    private void PutBack(Conversation conversation)
    {
        if (conversation.Items.Count > 0)
        {
            _ready.Enqueue(conversation);
            return;
        }

        _active.Remove(conversation.Key);
        if (_spare.Count < concurrency)
        {
            _spare.Push(conversation);
        }
    }

    private sealed class Conversation
    {
        public string Key { get; set; } = "";

        public Queue<TItem> Items { get; } = new();
    }
}
