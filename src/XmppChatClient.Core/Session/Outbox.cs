using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using XmppChatClient.Storage;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>What goes out: stanzas in the order of the calls, over one connection after another. With stream management each
/// is kept until the server has acknowledged it, and what is kept limits what may be sent. With a store nothing is written before
/// it is kept there. Any thread.</summary>
internal sealed class Outbox(XmppClientOptions options)
{
    // More than may be sent while nobody waits for room, whatever the options say.
    private const int MostBeyond = 1000;

    private readonly Lock _gate = new();

    // On their way through the store to the ledger.
    private readonly Queue<SendReceipt> _launching = new();
    private OutboxStore? _store;

    // What an earlier process has sent in the session that may be resumed.
    private List<(SendReceipt Receipt, uint Position)>? _restored;
    private IXmppTransport? _transport;
    private Action<XmppException>? _abort;
    private StanzaLedger? _ledger;
    private ReceivedStanzas? _received;
    private volatile Message? _lastAcknowledged;
    private Queue<UnsettledMessage>? _unsettled;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _roomForMessages;
    private TaskCompletionSource? _answer;
    private ITimer? _timer;
    private long _requestedAt;
    private long? _limit;
    private bool _isUnlimited;
    private long _lastSent;
    private int _unrequested;
    private bool _isRequested;
    private bool _isFree;
    private bool _isClosed;
    private int _counted;

    /// <summary>Whether anybody waits for room: then whoever reads must go on, as what makes room comes that way.</summary>
    public bool AnyWaits => Volatile.Read(ref _room) is not null || Volatile.Read(ref _roomForMessages) is not null;

    /// <summary>When anything was last given to a connection, as a timestamp of the clock in the options.</summary>
    public long LastSent => Interlocked.Read(ref _lastSent);

    /// <summary>The message with a body that the server has acknowledged last. All that is unsettled was sent behind it.</summary>
    public Message? LastAcknowledged => _lastAcknowledged;

    /// <summary>Called when somebody begins to wait for room.</summary>
    public Action? Waiting { get; set; }

    /// <summary>From here on everything passes by a store, in which an earlier process may have left something.</summary>
    /// <exception cref="XmppStoreException">Something in it is no message.</exception>
    public void Restore(Journal journal, StoredState state)
    {
        var messages = state.Messages.Select(m => (OutboxStore.Read(m), m)).ToArray();
        lock (_gate)
        {
            _store = new OutboxStore(journal, state.Messages is [.., var newest] ? newest.Number : 0);
            _restored = state.Session is null ? null : [];
            foreach (var (receipt, stored) in messages)
            {
                if (stored.Position is { } position && _restored is not null)
                {
                    _restored.Add((receipt, position));
                }
                else
                {
                    Leave(receipt, stored.MayHaveArrived || stored.Position is not null);
                }
            }

            Count();
        }
    }

    /// <summary>A new session begins.</summary>
    /// <param name="received">What comes in it; <see langword="null"/> where nobody acknowledges stanzas.</param>
    /// <param name="abort">Cuts the connection.</param>
    /// <param name="limit">The longest stanza that the server takes, in bytes; <see langword="null"/> when it does not say.</param>
    public void Attach(IXmppTransport transport, ReceivedStanzas? received, Action<XmppException> abort, long? limit = null)
    {
        lock (_gate)
        {
            (_transport, _received, _abort) = (transport, received, abort);
            Limit(limit);
            _ledger = received is null ? null : new StanzaLedger(0, Acknowledged);
            TellRoom();
        }
    }

    /// <summary>The session goes on over another connection: what the server has not is sent again, and then what has waited.
    /// </summary>
    /// <exception cref="XmppProtocolException">The server has what was never sent, or has less than it said before.</exception>
    public void Resume(
        IXmppTransport transport, ReceivedStanzas received, uint handled, Action<XmppException> abort, long? limit = null)
    {
        lock (_gate)
        {
            _received = received;
            if (_restored is not null)
            {
                (_transport, _abort) = (transport, abort);
                Limit(limit);
                ResumeRestored(handled);
                return;
            }

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

            // What has its place in the session already was short enough when it got that, and nothing else may take it: for what is
            // still on its way through the store the connection has no limit, and new ones are measured before they join it.
            Limit(limit, holdsForAll: _launching.Count == 0);
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
    /// <param name="end">What follows. Unless that is nothing, messages whose fate is not known wait for <see cref="Settle"/>.
    /// </param>
    public void Lose(uint? handled, XmppException? error, LostSession end)
    {
        lock (_gate)
        {
            Disconnect();
            if (handled is { } count)
            {
                _ledger?.TryAcknowledge(count);
            }

            var lost = new XmppSessionLostException("The session ended before the server acknowledged it.", error);
            var later = TakeUnsettled();
            TakeRestored(handled, receipt => Leave(receipt, mayHaveArrived: true));
            var written = _ledger?.Written ?? 0;
            foreach (var receipt in (_ledger?.Receipts ?? []).Concat(_launching))
            {
                if (receipt.Stanza is not Message)
                {
                    receipt.Lose(lost);
                }
                else
                {
                    Leave(receipt, mayHaveArrived: written > 0);
                    if (written <= 0 && end != LostSession.Kept)
                    {
                        _store?.Place(receipt, null, mayHaveArrived: false);
                    }
                }

                written--;
            }

            foreach (var message in later)
            {
                Leave(message.Receipt, message.MayHaveArrived);
            }

            _ledger = null;
            _launching.Clear();
            Measure();

            if (end != LostSession.Followed)
            {
                _isClosed = true;
                End(lost);
                MakeRoom();
                return;
            }

            // Messages that wait for room wait on for the session that follows: in between there is nowhere to send them to. What else
            // waits was meant for this one.
            _room?.TrySetException(NotOnline());
            _ = _room?.Task.Exception;
            _room = null;
            if (_store is not null)
            {
                TellRoom();
            }
        }
    }

    /// <summary>Queues a stanza for the wire.</summary>
    /// <param name="mayWait">Whether to wait for room; otherwise it is queued in any case.</param>
    public ValueTask<SendReceipt> SendAsync(Stanza stanza, bool mayWait, CancellationToken cancellationToken)
    {
        Task room;
        lock (_gate)
        {
            if (!mayWait || _isFree || (stanza is Message ? IsRoomForMessages() : IsRoom()))
            {
                var sent = Add(stanza, cancellationToken);
                Count();
                return sent;
            }

            ref var awaited = ref stanza is Message ? ref _roomForMessages : ref _room;
            awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = awaited.Task;
        }

        Waiting?.Invoke();
        return WaitAndSendAsync(room, stanza, cancellationToken);
    }

    /// <summary>Tells the server how much of what came is dealt with, and asks what shows that it has heard that, before too
    /// much hangs on it.</summary>
    /// <param name="received">Of which session; none but the one that there is has anybody to tell.</param>
    public void Tell(ReceivedStanzas received)
    {
        lock (_gate)
        {
            if (received != _received || _transport is null)
            {
                return;
            }

            Write(StreamManagementElements.Answer(received.Tell()));
            if (received.IsInDoubt && !_isRequested)
            {
                Request();
            }
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

    /// <summary>Ends when the server owes no answer to <see cref="RequestNow"/>.</summary>
    public Task AnsweredAsync()
    {
        lock (_gate)
        {
            if (!_isRequested)
            {
                return Task.CompletedTask;
            }

            _answer ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _answer.Task;
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
                        Arrived(receipt);
                        break;
                    case Settlement.Resend when IsTooLong(receipt.Stanza, out var excess):
                        Refuse(receipt, excess);
                        break;
                    case Settlement.Resend when _store is null:
                        _ = Enqueue(receipt, CancellationToken.None).AsTask();
                        break;
                    case Settlement.Resend:
                        Launch(receipt, isNew: false);
                        break;
                    default:
                        Forget(receipt);
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
        Answered();
        StopTimer();
    }

    private async ValueTask<SendReceipt> WaitAndSendAsync(Task room, Stanza stanza, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(stanza, mayWait: true, cancellationToken).ConfigureAwait(false);
    }

    private bool IsRoomForMessages() => IsRoomBeside(Kept);

    // What is no message passes by those that are held back: what settles them is asked for, and so is what a session starts with.
    private bool IsRoom() => IsRoomBeside(InSession);

    private bool IsRoomBeside(int kept) => (_ledger is null && _store is null) || kept < options.StreamManagement.Queue;

    private int InSession => (_ledger?.Count ?? 0) + _launching.Count;

    private int Kept => InSession + (_unsettled?.Count ?? 0) + (_restored?.Count ?? 0);

    private void Count()
    {
        Measure();
        TellRoom();
    }

    private void Measure()
    {
        var length = Kept;
        if (length != _counted)
        {
            Telemetry.OutboxLength.Add(length - _counted);
            _counted = length;
        }
    }

    private ValueTask<SendReceipt> Add(Stanza stanza, CancellationToken cancellationToken)
    {
        if (_store is not null)
        {
            return Keep(stanza, _store);
        }

        if (_ledger is null)
        {
            var transport = _transport ?? throw NotOnline();
            Sending();
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

    private static XmppConnectionException NotOnline() => new("Not online: the stanza was not sent.");

    // A message is accepted whether there is a session or not: it is there for the next one, or the next process.
    private ValueTask<SendReceipt> Keep(Stanza stanza, OutboxStore store)
    {
        if (_isClosed || (!IsInSession && stanza is not Message))
        {
            throw store.Error ?? (XmppException)NotOnline();
        }

        Check(stanza);
        var receipt = new SendReceipt(stanza, options.TimeProvider.GetUtcNow(), store.NumberOf(stanza));
        var kept = new TaskCompletionSource<SendReceipt>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (stanza is Message && (_unsettled is not null || !IsInSession))
        {
            Leave(receipt, mayHaveArrived: false);
            store.Queue(receipt, null, error => End(kept, receipt, error));
        }
        else
        {
            Launch(receipt, isNew: true, kept);
        }

        return new ValueTask<SendReceipt>(kept.Task);
    }

    private bool IsInSession => _ledger is not null || _transport is not null;

    // Through the store to the ledger, and to the wire if there is one: in that order, so that a later process knows of
    // everything that the server may have, and by which count.
    private void Launch(SendReceipt receipt, bool isNew, TaskCompletionSource<SendReceipt>? kept = null)
    {
        uint? position = _ledger is null ? null : unchecked(_ledger.Last + (uint)_launching.Count + 1);
        void Then(XmppStoreException? error) => Launched(receipt, kept, error);
        if (isNew)
        {
            _store!.Queue(receipt, position, Then);
        }
        else
        {
            _store!.Place(receipt, position, mayHaveArrived: true, Then);
        }

        _launching.Enqueue(receipt);
    }

    private void Launched(SendReceipt receipt, TaskCompletionSource<SendReceipt>? kept, XmppStoreException? error)
    {
        var written = ValueTask.CompletedTask;
        lock (_gate)
        {
            // Otherwise the session was lost meanwhile, and it was seen to then.
            if (_launching.TryPeek(out var next) && next == receipt)
            {
                if (error is not null)
                {
                    _launching.Dequeue();
                    Leave(receipt, mayHaveArrived: false);
                }
                else if (TryEnqueue(receipt, out written))
                {
                    _launching.Dequeue();
                    if (_isUnlimited && _launching.Count == 0)
                    {
                        _isUnlimited = false;
                        _transport?.LimitElements(_limit);
                    }
                }

                // Otherwise the session is about to be lost, and all that are here with it, in order.
                Count();
            }
        }

        _ = EndAsync(kept, receipt, written, error);
    }

    /// <returns><see langword="false"/> when there is no session for it any more.</returns>
    private bool TryEnqueue(SendReceipt receipt, out ValueTask written)
    {
        written = ValueTask.CompletedTask;
        if (!IsInSession)
        {
            return false;
        }

        try
        {
            written = Enqueue(receipt, CancellationToken.None);
            return true;
        }
        catch (XmppConnectionException)
        {
            return false;
        }
    }

    private static async Task EndAsync(
        TaskCompletionSource<SendReceipt>? kept, SendReceipt receipt, ValueTask written, XmppStoreException? error)
    {
        try
        {
            await written.ConfigureAwait(false);
        }
        catch (XmppException)
        {
            // It is kept, so its sender must not take it for refused.
        }

        End(kept, receipt, error);
    }

    private static void End(TaskCompletionSource<SendReceipt>? kept, SendReceipt receipt, XmppStoreException? error)
    {
        if (error is null)
        {
            kept?.TrySetResult(receipt);
        }
        else
        {
            kept?.TrySetException(error);
        }
    }

    private void Leave(SendReceipt receipt, bool mayHaveArrived) =>
        (_unsettled ??= new Queue<UnsettledMessage>()).Enqueue(new UnsettledMessage(receipt, mayHaveArrived));

    private Queue<UnsettledMessage> TakeUnsettled()
    {
        var unsettled = _unsettled ?? [];
        _unsettled = null;
        return unsettled;
    }

    // The server counts what it has handled. What it has not is sent again under new counts: an earlier process sent more than
    // messages, and only those are known.
    private void ResumeRestored(uint handled)
    {
        _ledger = new StanzaLedger(handled, Acknowledged);
        TakeRestored(handled, receipt =>
        {
            if (IsTooLong(receipt.Stanza, out var excess))
            {
                Refuse(receipt, excess);
            }
            else
            {
                Launch(receipt, isNew: false);
            }
        });
        Count();
    }

    /// <param name="rest">What to do with those that the server has not handled, or does not speak of.</param>
    private void TakeRestored(uint? handled, Action<SendReceipt> rest)
    {
        foreach (var (receipt, position) in _restored ?? [])
        {
            if (handled is { } count && IsHandled(position, count))
            {
                Arrived(receipt);
            }
            else
            {
                rest(receipt);
            }
        }

        _restored = null;
    }

    private static bool IsHandled(uint position, uint handled) => unchecked((int)(handled - position)) >= 0;

    private void Arrived(SendReceipt receipt)
    {
        receipt.Acknowledge();
        Forget(receipt);
    }

    private void Acknowledged(SendReceipt receipt)
    {
        if (receipt.Stanza is Message { Body.Length: > 0 } message)
        {
            _lastAcknowledged = message;
        }

        Forget(receipt);
    }

    private void Forget(SendReceipt receipt) => _store?.Settle(receipt);

    // No session follows. What is stored is for the next process to send; here nobody knows what becomes of it.
    private void End(XmppSessionLostException lost)
    {
        while (_unsettled?.TryDequeue(out var message) == true)
        {
            if (_store is null)
            {
                message.Receipt.Lose(lost);
            }
            else
            {
                message.Receipt.GiveUp();
            }
        }
    }

    private ValueTask Enqueue(SendReceipt receipt, CancellationToken cancellationToken)
    {
        if (_ledger is null)
        {
            // A new session without stream management, and something that an earlier one left or the store has kept.
            var sent = _transport?.SendAsync(receipt.Stanza, cancellationToken) ?? ValueTask.CompletedTask;
            receipt.GiveUp();
            Forget(receipt);
            return sent;
        }

        if (!TryWrite(receipt.Stanza, out var written, cancellationToken))
        {
            // What comes now waits for the next connection.
            _transport = null;
            if (_store is null)
            {
                Check(receipt.Stanza);
            }

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

    // What cannot be sent must be refused now, not when it is written later.
    private void Check(Stanza stanza)
    {
        var length = Measure(stanza);
        if (length > _limit)
        {
            throw new XmppStanzaTooLargeException(length, _limit.Value);
        }
    }

    // Of what was accepted when the limit was another one, or not known.
    private bool IsTooLong(Stanza stanza, [NotNullWhen(true)] out XmppStanzaTooLargeException? excess)
    {
        excess = _limit is { } limit && Measure(stanza) is var length && length > limit
            ? new XmppStanzaTooLargeException(length, limit) : null;
        return excess is not null;
    }

    /// <exception cref="ArgumentException">It holds what XML cannot carry.</exception>
    private static int Measure(Stanza stanza)
    {
        var alone = new ArrayBufferWriter<byte>();
        stanza.Write(new XmlStreamWriter(alone));
        return alone.WrittenCount;
    }

    private void Refuse(SendReceipt receipt, XmppStanzaTooLargeException excess)
    {
        Forget(receipt);
        receipt.Lose(excess);
    }

    private void Limit(long? bytes, bool holdsForAll = true)
    {
        (_limit, _isUnlimited) = (bytes, !holdsForAll);
        _transport!.LimitElements(holdsForAll ? bytes : null);
        Sending();
    }

    private void Sending() => Interlocked.Exchange(ref _lastSent, options.TimeProvider.GetTimestamp());

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

        _received?.Answered();
        Answered();
        TellRoom();
    }

    private void Answered()
    {
        _isRequested = false;
        _answer?.TrySetResult();
        _answer = null;
    }

    private void TellRoom()
    {
        if (_room is not null && IsRoom())
        {
            Tell(ref _room);
        }

        if (_roomForMessages is not null && IsRoomForMessages())
        {
            Tell(ref _roomForMessages);
        }
    }

    private void MakeRoom()
    {
        Tell(ref _room);
        Tell(ref _roomForMessages);
    }

    private static void Tell(ref TaskCompletionSource? room)
    {
        room?.TrySetResult();
        room = null;
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
            if (_transport is null)
            {
                return false;
            }

            written = _transport.SendAsync(element, cancellationToken);
            Sending();
            return true;
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
        _received?.Asked();
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
            if (_transport is null || (_ledger is not { Written: > 0 } && !_isRequested))
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
