using XmppChatClient.Xml;

namespace XmppChatClient.Testing.TestUsers;

/// <summary>What a test user got and nobody has taken yet, in order. Safe for many threads.</summary>
/// <param name="clock">That of the timeouts.</param>
internal sealed class UnreadStanzas(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<XmppElement> _unread = [];
    private readonly List<(Predicate<XmppElement> Fits, TaskCompletionSource<XmppElement> Taken)> _waiting = [];
    private Exception? _end;

    /// <summary>What is there now.</summary>
    public XmppElement[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _unread];
            }
        }
    }

    public void Add(XmppElement element)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(w => w.Fits(element));
            if (index < 0)
            {
                _unread.Add(element);
                return;
            }

            _waiting[index].Taken.SetResult(element);
            _waiting.RemoveAt(index);
        }
    }

    /// <summary>Nothing more will come: whoever waits, now or later, fails with this.</summary>
    public void End(Exception reason)
    {
        lock (_lock)
        {
            _end ??= reason;
            _waiting.ForEach(w => w.Taken.SetException(_end));
            _waiting.Clear();
        }
    }

    /// <summary>Takes the first that fits, as soon as there is one.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<XmppElement> TakeAsync(
        Predicate<XmppElement> fits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource<XmppElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var index = _unread.FindIndex(fits);
            if (index >= 0)
            {
                var element = _unread[index];
                _unread.RemoveAt(index);
                return element;
            }

            if (_end is not null)
            {
                throw _end;
            }

            _waiting.Add((fits, taken));
        }

        try
        {
            return await taken.Task.WaitAsync(timeout, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (_waiting.RemoveAll(w => w.Taken == taken) == 0 && taken.Task.IsCompletedSuccessfully)
                {
                    // It came at the last moment, and must not be lost.
                    return taken.Task.Result;
                }
            }

            throw;
        }
    }
}
