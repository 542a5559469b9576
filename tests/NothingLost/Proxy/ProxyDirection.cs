namespace XmppChatClient.NothingLost.Proxy;

/// <summary>One of the two ways through a <see cref="FaultProxy"/>, and what goes wrong on it.</summary>
public sealed class ProxyDirection
{
    // Enough for any window that a sweep looks at; a soak would record for ever.
    private const int MostLengths = 10_000;

    private readonly FaultProxy _proxy;
    private readonly Lock _gate = new();
    private readonly List<PlannedCut> _cuts = [];
    private readonly Queue<int> _lengths = [];
    private TaskCompletionSource? _resumed;
    private TimeSpan _delay;
    private long _lastSwallowed;

    internal ProxyDirection(FaultProxy proxy) => _proxy = proxy;

    /// <summary>Bytes let through, of all connections.</summary>
    public Tally Passed { get; } = new();

    /// <summary>Bytes read and dropped, of all connections.</summary>
    public Tally Swallowed { get; } = new();

    /// <summary>How long the pieces were that were let through, as TCP gave them: the last 10,000.</summary>
    public IReadOnlyList<int> Lengths
    {
        get
        {
            lock (_gate)
            {
                return [.. _lengths];
            }
        }
    }

    /// <summary>How long each piece waits before it goes on, by the proxy's clock. Default not at all.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_gate)
            {
                return _delay;
            }
        }

        set
        {
            lock (_gate)
            {
                _delay = value;
            }
        }
    }

    /// <summary>Cuts, once, the connection on which that many bytes from now are complete: they pass and nothing after them.
    /// </summary>
    /// <param name="bytes">Of all connections together; 0 cuts when the next byte comes.</param>
    public PlannedCut CutAfter(long bytes, CutKind kind = CutKind.Reset) => Plan(new PlannedCut(this, bytes, kind, null));

    /// <summary>Cuts a connection when that many bytes of it have passed.</summary>
    /// <param name="connection">Its number: the first is 1, the next will be one more than <see cref="FaultProxy.Connections"/>
    /// has counted.</param>
    /// <param name="bytes">From its start; 0 cuts when its first byte comes.</param>
    public PlannedCut CutConnectionAfter(long connection, long bytes, CutKind kind = CutKind.Reset) =>
        Plan(new PlannedCut(this, bytes, kind, connection));

    /// <summary>Makes the other end of all connections there are seem to have vanished: what comes is dropped, and when this end
    /// goes the other is not told. Later connections are as they should be.</summary>
    public void Swallow()
    {
        lock (_gate)
        {
            _lastSwallowed = _proxy.Connections.Count;
        }
    }

    /// <summary>Lets nothing pass, and drops nothing: TCP pushes back.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        lock (_gate)
        {
            _resumed?.TrySetResult();
            _resumed = null;
        }
    }

    internal bool Swallows(long connection)
    {
        lock (_gate)
        {
            return connection <= _lastSwallowed;
        }
    }

    internal void Withdraw(PlannedCut cut)
    {
        lock (_gate)
        {
            _cuts.Remove(cut);
        }
    }

    /// <summary>Waits as long as bytes that have come have to wait.</summary>
    internal async ValueTask WaitAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        Task? resumed;
        TimeSpan delay;
        lock (_gate)
        {
            (resumed, delay) = (_resumed?.Task, _delay);
        }

        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, clock, cancellationToken);
        }

        if (resumed is not null)
        {
            await resumed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>How many of the bytes that have come may pass, and what cut is to be made then.</summary>
    internal (int Passing, PlannedCut? Cut) Admit(long connection, int length)
    {
        lock (_gate)
        {
            var concerned = _cuts.FindAll(c => c.Concerns(connection));
            var first = concerned.MinBy(c => c.Remaining);
            if (first is null || first.Remaining > length)
            {
                first = null;
            }

            var passing = (int?)first?.Remaining ?? length;
            foreach (var cut in concerned)
            {
                cut.Remaining -= passing;
            }

            if (first is not null)
            {
                _cuts.Remove(first);
            }

            return (passing, first);
        }
    }

    internal void HasPassed(int length)
    {
        if (length == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_lengths.Count == MostLengths)
            {
                _lengths.Dequeue();
            }

            _lengths.Enqueue(length);
        }

        Passed.Add(length);
    }

    private PlannedCut Plan(PlannedCut cut)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cut.Remaining, "bytes");
        lock (_gate)
        {
            _cuts.Add(cut);
        }

        return cut;
    }
}
