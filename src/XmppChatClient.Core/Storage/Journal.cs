namespace XmppChatClient.Storage;

/// <summary>Writes changes to a store in the order in which they are added, those of all who wait in one go. Any thread.</summary>
/// <param name="store">Is open.</param>
internal sealed class Journal(IXmppStore store, Action<XmppStoreException> failed)
{
    private const int MostWaiting = 1_000;

    private readonly Lock _gate = new();
    private List<StoreChange> _changes = [];
    private List<Action<XmppStoreException?>> _continuations = [];
    private Task _writing = Task.CompletedTask;
    private XmppStoreException? _error;
    private bool _isWriting;
    private bool _isClosed;
    private int _holds;

    /// <summary>Why nothing can be kept any more.</summary>
    public XmppStoreException? Error
    {
        get
        {
            lock (_gate)
            {
                return _error;
            }
        }
    }

    /// <summary>Whether the store is so slow that whoever can should wait for it.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _changes.Count >= MostWaiting && _error is null;
            }
        }
    }

    /// <param name="then">Called when the change is kept, in the order of the additions, or with the reason why it cannot be;
    /// must not block.</param>
    public void Add(StoreChange change, Action<XmppStoreException?>? then = null) => AddAny(change, then);

    /// <param name="then">Called when all that was added before is kept, or cannot be.</param>
    public void Then(Action<XmppStoreException?> then) => AddAny(change: null, then);

    /// <summary>Until <see cref="Release"/> nothing is written: what is added meanwhile is kept together or not at all. Not
    /// across anything that waits.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _holds++;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _holds--;
            Start();
        }
    }

    /// <summary>Waits until all that was added before is kept.</summary>
    /// <exception cref="XmppStoreException">It cannot be.</exception>
    public Task FlushAsync() => AddAsync(change: null);

    /// <summary>Adds a change, and waits until it is kept.</summary>
    /// <exception cref="XmppStoreException">It cannot be.</exception>
    public Task KeepAsync(StoreChange change) => AddAsync(change);

    /// <summary>Writes what there is, takes no more, and closes the store.</summary>
    public async Task CloseAsync()
    {
        await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task writing;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            writing = _writing;
        }

        await writing.ConfigureAwait(false);
        await store.CloseAsync().ConfigureAwait(false);
    }

    private Task AddAsync(StoreChange? change)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return AddAny(change, error => Complete(kept, error)) ? kept.Task : Task.CompletedTask;
    }

    private static void Complete(TaskCompletionSource flushed, XmppStoreException? error)
    {
        if (error is null)
        {
            flushed.TrySetResult();
        }
        else
        {
            flushed.TrySetException(error);
        }
    }

    /// <returns><see langword="false"/> when nothing is taken any more.</returns>
    private bool AddAny(StoreChange? change, Action<XmppStoreException?>? then)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                // Who ends a client leaves what is not kept yet to the next one.
                return false;
            }

            if (change is not null)
            {
                _changes.Add(change);
            }

            if (then is not null)
            {
                _continuations.Add(then);
            }

            Start();
            return true;
        }
    }

    // Whoever calls holds the lock.
    private void Start()
    {
        if (!_isWriting && CanWrite())
        {
            _isWriting = true;
            _writing = Task.Run(WriteAsync);
        }
    }

    private bool CanWrite() => _holds == 0 && (_changes.Count > 0 || _continuations.Count > 0);

    private async Task WriteAsync()
    {
        while (TryTake(out var changes, out var continuations))
        {
            await WriteAsync(changes).ConfigureAwait(false);
            foreach (var then in continuations)
            {
                try
                {
                    then(_error);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    // Whatever waits for it must not wait for ever.
                    Fail(new XmppStoreException($"What follows a write to the store failed: {e.Message}", e));
                }
            }
        }
    }

    private bool TryTake(out List<StoreChange> changes, out List<Action<XmppStoreException?>> continuations)
    {
        lock (_gate)
        {
            (changes, continuations) = (_changes, _continuations);
            if (!CanWrite())
            {
                _isWriting = false;
                return false;
            }

            (_changes, _continuations) = ([], []);
            return true;
        }
    }

    private async Task WriteAsync(List<StoreChange> changes)
    {
        if (changes.Count == 0 || _error is not null)
        {
            return;
        }

        try
        {
            await store.WriteAsync(changes, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(e as XmppStoreException ?? new XmppStoreException($"The store failed: {e.Message}", e));
        }
    }

    private void Fail(XmppStoreException error)
    {
        lock (_gate)
        {
            _error ??= error;
        }

        failed(error);
    }
}
