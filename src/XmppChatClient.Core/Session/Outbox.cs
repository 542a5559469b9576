using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>What goes out: stanzas in the order of the calls, over one connection after another. With stream management each
/// is kept until the server has acknowledged it, and what is kept limits what may be sent. Any thread.</summary>
internal sealed class Outbox(XmppClientOptions options)
{
    // More than may be sent while nobody waits for room, whatever the options say.
    private const int MostBeyond = 1000;

    private readonly Lock _gate = new();
    private IXmppTransport? _transport;
    private Action<XmppException>? _abort;
    private StanzaLedger? _ledger;
    private Queue<UnsettledMessage>? _unsettled;
    private TaskCompletionSource? _room;
    private ITimer? _timer;
    private long _requestedAt;
    private int _unrequested;
    private bool _isRequested;
    private bool _isFree;
    private int _counted;

    /// <summary>Whether anybody waits for room: then whoever reads must go on, as what makes room comes that way.</summary>
    public bool AnyWaits => Volatile.Read(ref _room) is not null;

    /// <summary>Called when somebody begins to wait for room.</summary>
    public Action? Waiting { get; set; }

    /// <summary>A new session begins.</summary>
    /// <param name="isManaged">Whether the server acknowledges stanzas in it.</param>
    /// <param name="abort">Cuts the connection.</param>
    public void Attach(IXmppTransport transport, bool isManaged, Action<XmppException> abort)
    {
        lock (_gate)
        {
            (_transport, _abort) = (transport, abort);
            _ledger = isManaged ? new StanzaLedger() : null;
        }
    }

    /// <summary>The session goes on over another connection: what the server has not is sent again, and then what has waited.
    /// </summary>
    /// <exception cref="XmppProtocolException">The server has what was never sent, or has less than it said before.</exception>
    public void Resume(IXmppTransport transport, uint handled, Action<XmppException> abort)
    {
        lock (_gate)
        {
            Acknowledge(handled);

            // From here on the server may have any of them, wherever this connection is lost.
            _ledger!.AllWritten();
            (_transport, _abort) = (transport, abort);
            foreach (var receipt in _ledger.Receipts)
            {
                // Whether there is room for them or not: there are not more than may be kept.
                if (!TryWrite(receipt.Stanza, out var written))
                {
                    break;
                }

                _ = written.AsTask();
            }

            Count();
            if (_ledger.Count > 0)
            {
                Request();
            }
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            Disconnect();
        }
    }

    /// <summary>The session is gone too.</summary>
    /// <param name="handled">How many stanzas the server had handled, when it says so.</param>
    /// <param name="mayResend">Whether there may be another session. Messages whose fate is not known then wait for
    /// <see cref="Settle"/>.</param>
    public void Lose(uint? handled, XmppException? error, bool mayResend)
    {
        lock (_gate)
        {
            Disconnect();
            if (handled is { } count)
            {
                _ledger?.TryAcknowledge(count);
            }

            var lost = new XmppSessionLostException("The session ended before the server acknowledged it.", error);
            var written = _ledger?.Written ?? 0;
            foreach (var receipt in _ledger?.Receipts ?? [])
            {
                if (mayResend && receipt.Stanza is Message)
                {
                    (_unsettled ??= new Queue<UnsettledMessage>()).Enqueue(new UnsettledMessage(receipt, written > 0));
                }
                else
                {
                    receipt.Lose(lost);
                }

                written--;
            }

            while (!mayResend && _unsettled?.TryDequeue(out var message) == true)
            {
                message.Receipt.Lose(lost);
            }

            _ledger = null;
            Count();
            MakeRoom();
        }
    }

    /// <summary>Queues a stanza for the wire.</summary>
    /// <param name="mayWait">Whether to wait for room; otherwise it is queued in any case.</param>
    public ValueTask<SendReceipt> SendAsync(Stanza stanza, bool mayWait, CancellationToken cancellationToken)
    {
        Task room;
        lock (_gate)
        {
            if (!mayWait || _isFree || IsRoom())
            {
                var sent = Add(stanza, cancellationToken);
                Count();
                return sent;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        Waiting?.Invoke();
        return WaitAndSendAsync(room, stanza, cancellationToken);
    }

    /// <summary>Sends what is no stanza.</summary>
    public void Post(IXmlWritable element)
    {
        lock (_gate)
        {
            Write(element);
        }
    }

    /// <summary>Asks the server what it has, if there is anything that it has not acknowledged.</summary>
    public void RequestNow()
    {
        lock (_gate)
        {
            if (_ledger is { Written: > 0 } && _transport is not null)
            {
                Request();
            }
        }
    }

    /// <summary>The server says what it has.</summary>
    /// <exception cref="XmppProtocolException">It cannot have that.</exception>
    public void Acknowledged(uint handled)
    {
        lock (_gate)
        {
            Acknowledge(handled);
            Count();
        }
    }

    /// <summary>Nobody waits for room while whoever reads cannot go on: what makes room would not be read. Nor is the server
    /// late with its answer then.</summary>
    public void Free(bool isFree)
    {
        lock (_gate)
        {
            _isFree = isFree;
            if (isFree)
            {
                MakeRoom();
            }
            else
            {
                _requestedAt = options.TimeProvider.GetTimestamp();
            }
        }
    }

    /// <summary>Messages that a lost session left, and those sent since, in order. None means that nothing is held back.
    /// </summary>
    public IReadOnlyList<UnsettledMessage> Unsettled
    {
        get
        {
            lock (_gate)
            {
                return _unsettled?.ToArray() ?? [];
            }
        }
    }

    /// <summary>What <see cref="Unsettled"/> held back goes out, and nothing more is held back.</summary>
    /// <param name="decisions">What becomes of those that may have arrived; any other message is sent. One that is not among
    /// them stays, and so does all behind it.</param>
    public void Settle(IReadOnlyDictionary<SendReceipt, Settlement> decisions)
    {
        lock (_gate)
        {
            if (_ledger is null && _transport is null)
            {
                // There is no session any more to send anything in.
                return;
            }

            while (_unsettled?.TryPeek(out var message) == true)
            {
                var receipt = message.Receipt;
                var settlement = Settlement.Resend;
                if (message.MayHaveArrived && !decisions.TryGetValue(receipt, out settlement))
                {
                    // Left by a session that was lost after the decisions began: the next one decides, and what is behind waits.
                    return;
                }

                _unsettled.Dequeue();
                switch (settlement)
                {
                    case Settlement.Arrived:
                        receipt.Acknowledge();
                        break;
                    case Settlement.Resend:
                        _ = Enqueue(receipt, CancellationToken.None).AsTask();
                        break;
                    default:
                        receipt.Lose(new XmppSessionLostException(
                            "The session ended before the server acknowledged it; whether it arrived is not known.", null));
                        break;
                }
            }

            _unsettled = null;
            Count();
        }
    }

    /// <summary>How many stanzas are kept until the server acknowledges them.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
            {
                return _counted;
            }
        }
    }

    /// <summary>How long the server has been asked what it has, and has not answered; <see langword="null"/> when it owes no
    /// answer.</summary>
    public TimeSpan? AnswerAwaited
    {
        get
        {
            lock (_gate)
            {
                return _isRequested && !_isFree ? options.TimeProvider.GetElapsedTime(_requestedAt) : null;
            }
        }
    }

    private void Disconnect()
    {
        _transport = null;
        _isRequested = false;
        StopTimer();
    }

    private async ValueTask<SendReceipt> WaitAndSendAsync(Task room, Stanza stanza, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(stanza, mayWait: true, cancellationToken).ConfigureAwait(false);
    }

    private bool IsRoom() => _ledger is null || _ledger.Count + (_unsettled?.Count ?? 0) < options.StreamManagement.Queue;

    private void Count()
    {
        var length = (_ledger?.Count ?? 0) + (_unsettled?.Count ?? 0);
        if (length != _counted)
        {
            Telemetry.OutboxLength.Add(length - _counted);
            _counted = length;
        }
    }

    private ValueTask<SendReceipt> Add(Stanza stanza, CancellationToken cancellationToken)
    {
        if (_ledger is null)
        {
            var transport = _transport ?? throw new XmppConnectionException("Not online: the stanza was not sent.");
            return WithReceipt(transport.SendAsync(stanza, cancellationToken), SendReceipt.Unaccounted);
        }

        var receipt = new SendReceipt(stanza, options.TimeProvider.GetUtcNow());
        if (_unsettled is not null && stanza is Message)
        {
            Check(stanza);
            _unsettled.Enqueue(new UnsettledMessage(receipt, MayHaveArrived: false));
            return new ValueTask<SendReceipt>(receipt);
        }

        return WithReceipt(Enqueue(receipt, cancellationToken), receipt);
    }

    private ValueTask Enqueue(SendReceipt receipt, CancellationToken cancellationToken)
    {
        if (_ledger is null)
        {
            // A new session without stream management, and something that an earlier one left.
            receipt.GiveUp();
            return _transport?.SendAsync(receipt.Stanza, cancellationToken) ?? ValueTask.CompletedTask;
        }

        if (!TryWrite(receipt.Stanza, out var written, cancellationToken))
        {
            // What comes now waits for the next connection.
            _transport = null;
            Check(receipt.Stanza);
            _ledger.AddWaiting(receipt);
            return ValueTask.CompletedTask;
        }

        _ledger.AddWritten(receipt);
        if (_ledger.Written == (2L * options.StreamManagement.Queue) + MostBeyond)
        {
            GiveUp();
        }

        if (++_unrequested >= options.StreamManagement.RequestEvery)
        {
            Request();
        }
        else
        {
            StartTimer();
        }

        return written;
    }

    // Answers to requests do not wait for room; a server that has ever more of them and acknowledges nothing is none to go on
    // with.
    private void GiveUp() => ThreadPool.UnsafeQueueUserWorkItem(
        static abort => abort?.Invoke(new XmppProtocolException(
            StreamErrorCondition.PolicyViolation, "The server acknowledges nothing of what it asks for.")),
        _abort,
        preferLocal: false);

    // What XML cannot carry must be refused now, not when it is written later.
    private static void Check(Stanza stanza) => XmppElement.From(stanza);

    private static ValueTask<SendReceipt> WithReceipt(ValueTask written, SendReceipt receipt) =>
        written.IsCompletedSuccessfully ? new ValueTask<SendReceipt>(receipt) : AwaitAsync(written, receipt);

    private static async ValueTask<SendReceipt> AwaitAsync(ValueTask written, SendReceipt receipt)
    {
        try
        {
            await written.ConfigureAwait(false);
        }
        catch (XmppException) when (receipt != SendReceipt.Unaccounted)
        {
            // It is kept, so its sender must not take it for refused.
        }

        return receipt;
    }

    private void Acknowledge(uint handled)
    {
        if (_ledger is null)
        {
            return;
        }

        var sent = _ledger.Sent;
        if (!_ledger.TryAcknowledge(handled))
        {
            throw new XmppProtocolException(
                StreamErrorCondition.UndefinedCondition,
                $"The server acknowledged {handled} stanzas, which cannot be: {sent} were sent, {_ledger.Written} of them unacknowledged.")
            {
                Detail = StreamManagementElements.TooHigh(handled, sent),
            };
        }

        _isRequested = false;
        if (IsRoom())
        {
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    private void Write(IXmlWritable element)
    {
        if (TryWrite(element, out var written))
        {
            _ = written.AsTask();
        }
    }

    /// <returns><see langword="false"/> when there is no connection, or it is found to be lost.</returns>
    private bool TryWrite(IXmlWritable element, out ValueTask written, CancellationToken cancellationToken = default)
    {
        written = ValueTask.CompletedTask;
        try
        {
            written = _transport?.SendAsync(element, cancellationToken) ?? written;
            return _transport is not null;
        }
        catch (XmppConnectionException)
        {
            // Its reader will notice too.
            return false;
        }
    }

    private void Request()
    {
        _unrequested = 0;
        if (!_isRequested)
        {
            _isRequested = true;
            _requestedAt = options.TimeProvider.GetTimestamp();
        }

        Write(StreamManagementElements.Request);
        StartTimer();
    }

    // One that runs is left alone: it looks at what there is when it is due.
    private void StartTimer() => _timer ??= options.TimeProvider.CreateTimer(
        static outbox => ((Outbox)outbox!).OnTimer(), this, options.StreamManagement.RequestAfter, Timeout.InfiniteTimeSpan);

    private void StopTimer()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private void OnTimer()
    {
        Action<XmppException>? abort = null;
        lock (_gate)
        {
            StopTimer();
            if (_transport is null || _ledger is not { Written: > 0 })
            {
                return;
            }

            if (!_isRequested)
            {
                Request();
            }
            else if (!_isFree && options.TimeProvider.GetElapsedTime(_requestedAt) >= options.StreamManagement.AnswerTimeout)
            {
                abort = _abort;
            }
            else
            {
                StartTimer();
            }
        }

        abort?.Invoke(new XmppTimeoutException(
            $"The server did not acknowledge what was sent within {options.StreamManagement.AnswerTimeout.TotalSeconds:0.#} s."));
    }
}
