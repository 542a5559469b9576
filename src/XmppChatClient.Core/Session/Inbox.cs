using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient.Session;

/// <summary>What has been received and not yet read. When it is full the read loop waits, and so the server does, except
/// while a request of ours is unanswered: then it may hold twice as much, so that a reader who waits for that answer
/// cannot wait for ever.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a box, not a collection.")]
internal sealed class Inbox(int capacity, Func<bool> awaitsAnswer)
{
    private readonly Lock _gate = new();
    private readonly Queue<XmppEvent> _events = new();
    private Queue<XmppEvent>? _held;

    // Of those held: what an earlier process has left, which must not keep this one from starting.
    private int _left;
    private TaskCompletionSource<bool>? _arrived;
    private TaskCompletionSource? _room;
    private bool _unlimited;
    private bool _completed;
    private Exception? _error;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    /// <summary>Adds what a peer sent, when there is room.</summary>
    public async ValueTask AddAsync(XmppEvent received, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_completed)
                {
                    return;
                }

                var length = _events.Count + (_held?.Count ?? 0) - _left;
                if (length < capacity || _unlimited || (length < 2L * capacity && awaitsAnswer()))
                {
                    Put(received);
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            try
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (received.Pending is { IsStored: true })
            {
                // It is in the store: nobody else brings it, and it has its place before whatever comes.
                AddStored(received);
                return;
            }
        }
    }

    /// <summary>Holds back what comes from now on until the session's start is added: its reader learns of a session before
    /// of what came in it.</summary>
    /// <param name="first">What comes before all of it, whether there is room or not.</param>
    public void HoldForStart(params IReadOnlyCollection<XmppEvent> first)
    {
        lock (_gate)
        {
            _held ??= new Queue<XmppEvent>();
            foreach (var left in first)
            {
                Telemetry.InboxLength.Add(1);
                _left++;
                _held.Enqueue(left);
            }
        }
    }

    /// <summary>What was added before it was kept is kept now.</summary>
    public void Kept()
    {
        lock (_gate)
        {
            Announce();
        }
    }

    /// <summary>Adds what happened to the session itself, which is rare and is not held up: its start before what was held
    /// back, anything else after it.</summary>
    public void Add(XmppEvent happened)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            Telemetry.InboxLength.Add(1);
            if (happened is SessionStarted)
            {
                Enqueue(happened);
                Release();
            }
            else
            {
                Release();
                Enqueue(happened);
            }
        }
    }

    /// <summary>Tells a writer that waits that the limit may have changed: a request was sent.</summary>
    public void Reconsider()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Holds up nobody any more: the session is being closed, and its reader may be gone already.</summary>
    public void LiftLimit()
    {
        lock (_gate)
        {
            _unlimited = true;
        }

        Reconsider();
    }

    /// <summary>Nothing more will come. Readers get what is there, and then the error, if any.</summary>
    public void Complete(Exception? error)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _error = error;
            Release();

            // Nobody need ever read what is left.
            Telemetry.InboxLength.Add(-_events.Count);
            _arrived?.TrySetResult(true);
            _arrived = null;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Takes the next event, if there is one. Whoever reads waits with <see cref="ArrivalAsync"/>: two methods, so
    /// that waiting takes no more than the reader's own state.</summary>
    public bool TryRead([NotNullWhen(true)] out XmppEvent? next)
    {
        lock (_gate)
        {
            if (!IsAnyReady())
            {
                next = null;
                return false;
            }

            next = _events.Dequeue();

            _room?.TrySetResult();
            _room = null;
            if (!_completed)
            {
                Telemetry.InboxLength.Add(-1);
            }

            return true;
        }
    }

    /// <summary>Ends when there is something to read: <see langword="true"/>, or <see langword="false"/> when there never
    /// will be.</summary>
    public Task<bool> ArrivalAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        lock (_gate)
        {
            if (IsAnyReady())
            {
                return Task.FromResult(true);
            }

            if (_completed)
            {
                return _error is null ? Task.FromResult(false) : Task.FromException<bool>(_error);
            }

            _arrived ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrived.Task.WaitAsync(cancellationToken);
        }
    }

    private void AddStored(XmppEvent received)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                Put(received);
            }
        }
    }

    private void Put(XmppEvent received)
    {
        Telemetry.InboxLength.Add(1);
        if (_held is not null)
        {
            _held.Enqueue(received);
        }
        else
        {
            Enqueue(received);
        }
    }

    private void Release()
    {
        _left = 0;
        while (_held?.TryDequeue(out var held) == true)
        {
            Enqueue(held);
        }

        _held = null;
    }

    private void Enqueue(XmppEvent added)
    {
        _events.Enqueue(added);
        Announce();
    }

    private void Announce()
    {
        if (_arrived is not null && IsAnyReady())
        {
            _arrived.TrySetResult(true);
            _arrived = null;
        }
    }

    // What is not kept by the end is not handed out any more: a later process finds it in the store, or gets it again.
    private bool IsAnyReady()
    {
        while (_events.TryPeek(out var next))
        {
            if (next.Pending is null or { IsReady: true })
            {
                return true;
            }

            if (!_completed)
            {
                return false;
            }

            _events.Dequeue();
        }

        return false;
    }
}
