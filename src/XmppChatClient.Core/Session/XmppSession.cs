using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using XmppChatClient.Components;
using XmppChatClient.Modules;
using XmppChatClient.Negotiation;
using XmppChatClient.Stanzas;
using XmppChatClient.Storage;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>A logical session: what is sent, asked and received, over one transport after the other.</summary>
internal sealed partial class XmppSession
{
    // Modules' handlers that may go on beside the read loop; at one more it waits for that one.
    private const int MostRunningHandlers = 64;

    private const int MostUntold = 256;

    private readonly XmppClientOptions _options;
    private readonly ModuleSet _modules;
    private readonly Inbox _inbox;
    private readonly Outbox _outbox;
    private readonly ILogger _logger;
    private ManagedStream? _managed;
    private ReceivedStanzas? _received;
    private CancellationTokenSource? _lifetime;

    private List<XmppEvent> _left = [];
    private ImmutableDictionary<string, string> _notes = ImmutableDictionary<string, string>.Empty;

    // Messages of lost sessions that the server may deliver again.
    private KnownMessages? _known;
    private SessionStore? _store;
    private bool _isLive;
    private bool _takesNoMore;

    private Action<Message>? _handled;

    // Of the stanza that is being taken.
    private MessageKey? _key;
    private bool _isPending;
    private bool _isCounted;
    private long _lastReceived;
    private volatile bool _waitsForRoom;
    private int _runningHandlers;

    public XmppSession(XmppClientOptions options, ModuleSet modules, Inbox inbox, Outbox outbox, IqTracker requests)
    {
        _options = options;
        _modules = modules;
        _inbox = inbox;
        _outbox = outbox;
        Requests = requests;
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Session");
    }

    // Nothing in it is of one session, and idle sessions need none.
    [ThreadStatic]
    private static StanzaReader? _reader;

    public IqTracker Requests { get; }

    public Jid? BoundJid { get; private set; }

    /// <summary>What the server offered on the stream that carries stanzas.</summary>
    public XmppElement? Features { get; private set; }

    /// <summary>What the server says that it takes.</summary>
    public StreamLimits? Limits { get; private set; }

    /// <summary>When anything was last received, as a timestamp of the clock in the options: now, while the read loop waits
    /// for room. What lies behind may have come long ago, and who waits for it must not take the link for dead.</summary>
    public long LastReceived => _waitsForRoom ? _options.TimeProvider.GetTimestamp() : _lastReceived;

    /// <summary>When anything was last sent, as a timestamp of the clock in the options.</summary>
    public long LastSent => _outbox.LastSent;

    /// <summary>Whether what the server sends waits for room in the inbox.</summary>
    public bool WaitsForRoom => _waitsForRoom;

    /// <summary>How many stanzas are kept until the server acknowledges them.</summary>
    public int Unacknowledged => _outbox.Length;

    /// <summary>How long the server owes us the answer to what it has.</summary>
    public TimeSpan? AnswerAwaited => _outbox.AnswerAwaited;

    /// <summary>Whether this session may go on over another connection.</summary>
    public bool MayResume => _managed?.ResumeId is not null;

    /// <summary>What to ask of the server so that it does.</summary>
    public ResumeRequest? ToResume() => _managed?.ResumeId is { } id ? new ResumeRequest(id, _received!.Handled, BoundJid!) : null;

    /// <summary>Where the server would like the session to be resumed.</summary>
    public string? ResumeAt => _managed?.Location;

    /// <summary>Whether an earlier process began this session, and nothing was started in it here yet.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>What modules note, by name.</summary>
    public ImmutableDictionary<string, string> Notes => _notes;

    /// <summary>Goes on with what an earlier process left in the store.</summary>
    /// <exception cref="XmppStoreException">There is something in it that cannot be read.</exception>
    public void Restore(Journal journal, StoredState state)
    {
        MessageKey[] redeliverable = [.. SessionStore.Redeliverable(state)];
        var store = new SessionStore(journal, state.Arrivals is [.., var newest] ? newest.Number : 0, redeliverable);
        List<XmppEvent> left = [.. SessionStore.Unhandled(state, journal)
            .Select(e => CopyIn(e) ?? (XmppEvent)(e with { Handled = ToldLater }))];
        if (state.Session is { } unwanted && !IsWanted(unwanted))
        {
            state = state with { Session = null };
        }

        _outbox.Restore(journal, state);
        if (state.Session is null)
        {
            store.Forget();
        }

        (_store, _left) = (store, left);
        Remember(redeliverable);
        foreach (var (name, value) in state.Notes)
        {
            ImmutableInterlocked.TryAdd(ref _notes, name, value);
        }

        LogRestored(state.Messages.Count, _left.Count);
        if (state.Session is { } session)
        {
            (BoundJid, _isLive, IsRestored) = (session.Jid, true, true);
            _managed = new ManagedStream(session.ResumeId, session.Location);
            _received = new ReceivedStanzas(session.Handled);
            _lifetime = LifetimeOf(_managed);
        }
    }

    // Never disposed: it has no timer, and handlers may hold on to its token.
    private static CancellationTokenSource? LifetimeOf(ManagedStream? managed) =>
        managed is null ? null : new CancellationTokenSource();

    // The options may be others than they were.
    private bool IsWanted(StoredSession session) => _options.StreamManagement is { Enabled: true, Resume: true }
        && (_options.Jid!.Resource is null || _options.Jid == session.Jid);

    /// <summary>What an earlier process has received and not handled; once.</summary>
    public IReadOnlyCollection<XmppEvent> TakeLeft() => Interlocked.Exchange(ref _left, []);

    /// <summary>All has begun that begins with a session.</summary>
    public void Started() => IsRestored = false;

    /// <summary>Waits until all that was sent and received before is kept.</summary>
    /// <exception cref="XmppStoreException">It cannot be.</exception>
    public Task FlushAsync() => _store?.Journal.FlushAsync() ?? Task.CompletedTask;

    /// <summary>Notes something for a later session or process.</summary>
    /// <param name="value"><see langword="null"/> forgets it.</param>
    public void Note(string name, string? value)
    {
        if (value is null)
        {
            ImmutableInterlocked.TryRemove(ref _notes, name, out _);
        }
        else
        {
            ImmutableInterlocked.Update(ref _notes, static (notes, set) => notes.SetItem(set.Key, set.Value), KeyValuePair.Create(name, value));
        }

        _store?.Journal.Add(new NoteSet(name, value));
    }

    /// <summary>Hands out a message that did not come by the read loop.</summary>
    public async ValueTask HandOutAsync(Message message, CancellationToken cancellationToken)
    {
        var received = _store is null ? new MessageReceived(message) : TakeMissed(message, _store);
        if (received is not null)
        {
            await _inbox.AddAsync(received with { Handled = ToldLater }, cancellationToken).ConfigureAwait(false);
            TellNow(message);
        }
    }

    private MessageReceived? TakeMissed(Message message, SessionStore store)
    {
        var key = MessageKey.Of(message, BoundJid!.Bare);
        return key is { } known && store.IsFromBefore(known) ? null : store.Take(message, key, _inbox.Kept);
    }

    /// <summary>A new session begins.</summary>
    public void Attach(Link link, StreamNegotiation negotiation)
    {
        BoundJid = negotiation.BoundJid;
        Features = negotiation.Features;
        Limits = negotiation.Limits;
        _managed = negotiation.Managed;
        _received = _managed is null ? null : new ReceivedStanzas();
        _lifetime = LifetimeOf(_managed);
        _lastReceived = _options.TimeProvider.GetTimestamp();
        _isLive = true;
        _store?.Begin(_managed, BoundJid!);
        _outbox.Attach(link.Transport, _received, link.Abort, Limits?.MaxBytes);
    }

    /// <summary>The session goes on over another connection.</summary>
    /// <exception cref="XmppProtocolException">The server cannot have what it says.</exception>
    public void Resume(Link link, StreamNegotiation negotiation)
    {
        Limits = negotiation.IsResumedInline ? Limits ?? negotiation.Limits : negotiation.Limits;
        Features = negotiation.IsResumedInline ? Features ?? negotiation.Features : negotiation.Features;
        _received!.Resume(negotiation.Resume!.Handled);
        _lastReceived = _options.TimeProvider.GetTimestamp();
        _outbox.Resume(link.Transport, _received, negotiation.ResumedAt!.Value, link.Abort, Limits?.MaxBytes);
    }

    /// <summary>The session is over, if there is one.</summary>
    /// <param name="handled">How many stanzas the server had handled, when it says so.</param>
    /// <param name="error">Why; <see langword="null"/> when it was closed.</param>
    /// <param name="isLast">Whether there will be no other.</param>
    /// <param name="mayGoOn">Whether a later process may resume it.</param>
    public void Lose(uint? handled, XmppException? error, bool isLast, bool mayGoOn = false)
    {
        var isKept = isLast && mayGoOn && _store is not null && MayResume;
        if (_isLive && !isKept)
        {
            _store?.Forget();
        }

        _outbox.Lose(handled, error, isKept ? LostSession.Kept : isLast ? LostSession.Last : LostSession.Followed);
        if (!_isLive)
        {
            return;
        }

        (_isLive, IsRestored) = (false, false);
        _managed = null;
        Remember(_received?.Redeliverable ?? []);
        Requests.FailAll(() => new XmppSessionLostException(
            "The session ended before the answer came; whether the request was carried out is not known.", error));
        _ = _lifetime?.CancelAsync();
        foreach (var end in _modules.SessionEnds)
        {
            try
            {
                end();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogEndFailed(end.Target?.ToString(), e);
            }
        }
    }

    /// <summary>Queues a stanza.</summary>
    public ValueTask<SendReceipt> SendAsync(Stanza stanza, CancellationToken cancellationToken) =>
        SendAsync(stanza, mayWait: true, cancellationToken);

    /// <summary>Queues a stanza whether there is room or not.</summary>
    public ValueTask<SendReceipt> SendLastAsync(Stanza stanza, CancellationToken cancellationToken) =>
        SendAsync(stanza, mayWait: false, cancellationToken);

    /// <summary>From the next connection nothing is taken but the answers to our requests: nobody is there to handle it, and the
    /// server, which is not told that it came, can keep it.</summary>
    public void TakeNoMore() => _takesNoMore = true;

    private ValueTask<SendReceipt> SendAsync(Stanza stanza, bool mayWait, CancellationToken cancellationToken)
    {
        var sent = _outbox.SendAsync(
            _options.IsComponent ? ComponentStanza.From(stanza, _options.Jid!) : stanza, mayWait, cancellationToken);
        Telemetry.StanzasOut.Add(1, new KeyValuePair<string, object?>("kind", Telemetry.KindOf(stanza)));
        return sent;
    }

    /// <summary>Before the stream is closed: tells the server what we have handled, and asks what it has.</summary>
    public void SettleAccounts()
    {
        if (_received is not null)
        {
            TellHandled();
            _outbox.RequestNow();
        }
    }

    /// <summary>Ends when the server has answered what <see cref="SettleAccounts"/> asked, or cannot any more.</summary>
    public Task AnsweredAsync() => _outbox.AnsweredAsync();

    /// <summary>Finds out what became of messages that a lost session left, and sends again what has not arrived. Never throws;
    /// when the connection is lost meanwhile, it is to be done in the next session.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var before = _outbox.LastAcknowledged;
        var open = _outbox.Unsettled.Where(m => m.MayHaveArrived).Select(m => m.Receipt).ToArray();
        try
        {
            var messages = open
                .Select(r => new UnacknowledgedMessage((Message)r.Stanza, r.SentAt) { LastAcknowledged = before }).ToArray();
            await FindArrivedAsync(messages, cancellationToken).ConfigureAwait(false);
            var settlements = new Dictionary<SendReceipt, Settlement>();
            foreach (var (receipt, message) in open.Zip(messages))
            {
                var settlement = await DecideAsync(message, cancellationToken).ConfigureAwait(false);
                settlements[receipt] = settlement;
                if (settlement == Settlement.Lost && receipt.Number != 0)
                {
                    LogLost(message.Message.To, message.Message.Id);
                }
            }

            _outbox.Settle(settlements);
        }
        catch (Exception e) when (e is XmppSessionLostException or XmppConnectionException
            || (cancellationToken.IsCancellationRequested && e is not OutOfMemoryException))
        {
            // The next session begins anew.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogSettlingFailed(e);
            _outbox.Settle(open.ToDictionary(receipt => receipt, _ => Settlement.Lost));
        }
    }

    private async ValueTask FindArrivedAsync(UnacknowledgedMessage[] messages, CancellationToken cancellationToken)
    {
        foreach (var find in _modules.ArrivalSearches)
        {
            UnacknowledgedMessage[] open = [.. messages.Where(m => m.HasArrived is null)];
            if (open.Length == 0)
            {
                return;
            }

            try
            {
                await find(open, cancellationToken).ConfigureAwait(false);
            }
            catch (XmppException e) when (e is not (XmppSessionLostException or XmppConnectionException))
            {
                LogSearchFailed(find.Target?.GetType().Name, e.Message);
            }
        }
    }

    private async ValueTask<Settlement> DecideAsync(UnacknowledgedMessage message, CancellationToken cancellationToken)
    {
        if (message.HasArrived is { } hasArrived)
        {
            return hasArrived ? Settlement.Arrived : Settlement.Resend;
        }

        var isResent = _options.StreamManagement.ResendOnLostSession switch
        {
            ResendOnLostSession.Always => true,
            ResendOnLostSession.Ask => await _options.StreamManagement.ResendAsync!(message.Message, cancellationToken).ConfigureAwait(false),
            _ => false,
        };
        return isResent ? Settlement.Resend : Settlement.Lost;
    }

    public async ValueTask<Iq> RequestAsync(Iq request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var id = request.Id!;
        using var activity = Telemetry.Activities.StartActivity("xmpp.request", ActivityKind.Client);
        var start = _options.TimeProvider.GetTimestamp();
        var answer = Requests.Expect(id, request.To);
        try
        {
            _inbox.Reconsider();
            var sent = SendAsync(request, cancellationToken);
            var answered = sent.IsCompletedSuccessfully ? answer : AnswerAfterAsync(sent, answer);
            var iq = await answered.WaitAsync(timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            Telemetry.RequestDuration.Record(_options.TimeProvider.GetElapsedTime(start).TotalSeconds);
            return iq.Type == IqType.Error
                ? throw new XmppStanzaException(
                    iq.Error ?? new StanzaError(StanzaErrorType.Cancel, StanzaErrorCondition.UndefinedCondition), iq.From)
                : iq;
        }
        catch (TimeoutException)
        {
            throw new XmppTimeoutException(
                $"{request.To?.ToString() ?? "The server"} did not answer within {timeout.TotalSeconds:0.#} s.");
        }
        finally
        {
            Requests.Forget(id, answer);
        }
    }

    // Waiting for room on the way counts too: a server that reads nothing must not make a request last for ever.
    private static async Task<Iq> AnswerAfterAsync(ValueTask<SendReceipt> sent, Task<Iq> answer)
    {
        await sent.ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    /// <summary>Reads until the stream ends, and the session with it, unless it may be resumed.</summary>
    /// <returns>Why it ended; <see langword="null"/> when the server closed its stream.</returns>
    public async Task<XmppException?> ReadAsync(Link link)
    {
        XmppException? reason = null;
        try
        {
            while (await link.Transport.ReceiveAsync(link.Cut).ConfigureAwait(false) is { } element)
            {
                _lastReceived = _options.TimeProvider.GetTimestamp();
                var taken = ReferenceEquals(element.Name.Namespace, XmppNamespaces.Client) || !TryTakeNonza(element)
                    ? TakeAsync(element, link.Cut) : ValueTask.CompletedTask;
                if (!taken.IsCompletedSuccessfully)
                {
                    await WaitAsync(taken).ConfigureAwait(false);
                }

                // A disk that stalls must not let the server fill the memory.
                if (_store is { Journal.IsBehind: true } store)
                {
                    await WaitAsync(new ValueTask(store.Journal.FlushAsync().WaitAsync(link.Cut))).ConfigureAwait(false);
                }
            }
        }
        catch (XmppException e)
        {
            reason = link.AbortReason ?? e;
        }
        catch (OperationCanceledException) when (link.Cut.IsCancellationRequested)
        {
            reason = link.AbortReason;
        }
        finally
        {
            _outbox.Detach();
            if (!MayResume)
            {
                Lose(handled: null, reason, isLast: false);
            }
        }

        return reason;
    }

    private async ValueTask WaitAsync(ValueTask taken)
    {
        _waitsForRoom = true;
        _outbox.Free(true);
        try
        {
            await taken.ConfigureAwait(false);
        }
        finally
        {
            _outbox.Free(false);
            _lastReceived = _options.TimeProvider.GetTimestamp();
            _waitsForRoom = false;
        }
    }

    /// <exception cref="XmppException">It ends the stream.</exception>
    private bool TryTakeNonza(XmppElement element)
    {
        if (element.Name == StreamError.Name)
        {
            throw new XmppStreamException(StreamError.Read(element) ?? new StreamError(StreamErrorCondition.UndefinedCondition));
        }

        if (_received is null || element.Name.Namespace != StreamManagementElements.Namespace)
        {
            return false;
        }

        if (element.Name == StreamManagementElements.RequestName)
        {
            AnswerRequest();
        }
        else if (element.Name == StreamManagementElements.AnswerName)
        {
            _outbox.Acknowledged(StreamManagementElements.ReadCount(element) ?? throw new XmppProtocolException(
                StreamErrorCondition.BadFormat, "The server acknowledged no number of stanzas."));
        }

        return true;
    }

    // What has just come is told of when it is kept.
    private void AnswerRequest()
    {
        if (_store is null)
        {
            TellHandled();
        }
        else
        {
            var received = _received!;
            _store.Journal.Then(_ => _outbox.Tell(received));
        }
    }

    private void TellHandled() => _outbox.Tell(_received!);

    private ValueTask TakeAsync(XmppElement element, CancellationToken cancellationToken)
    {
        if (_received is null || element.Name.LocalName is not ("message" or "presence" or "iq"))
        {
            return TakeStanzaAsync(element, 0, cancellationToken);
        }

        if (_takesNoMore)
        {
            return element.Name.LocalName == "iq" ? TakeStanzaAsync(element, 0, cancellationToken) : ValueTask.CompletedTask;
        }

        // What came before the connection was lost, and is still with its handlers, comes again only to be counted.
        var isNew = _received.TryBegin(out var number);
        if (!isNew && element.Name.LocalName == "message")
        {
            Telemetry.MessagesRedelivered.Add(1);
        }

        var taken = isNew ? TakeStanzaAsync(element, number, cancellationToken) : ValueTask.CompletedTask;
        if (taken.IsCompletedSuccessfully)
        {
            Count(number, isNew);
            return ValueTask.CompletedTask;
        }

        return CountAfterAsync(taken, number);
    }

    private async ValueTask CountAfterAsync(ValueTask taken, ulong number)
    {
        await taken.ConfigureAwait(false);
        Count(number, isNew: true);
    }

    private void Count(ulong number, bool isNew)
    {
        _received!.End(_key, isHandled: _store is null && isNew && !_isPending);
        if (isNew && !_isCounted)
        {
            _store?.Count(_received, number);
        }

        // Not only when it asks, so that it never has too much to deliver again.
        if (_received.Untold >= MostUntold)
        {
            TellHandled();
        }
    }

    private ValueTask TakeStanzaAsync(XmppElement element, ulong number, CancellationToken cancellationToken)
    {
        (_key, _isPending, _isCounted) = (null, false, false);
        if (element.Name.Namespace == XmlStreamReader.RefusedNamespace)
        {
            // The server only carries it: whoever wrote it must not end our session.
            LogRefused(element.Name.LocalName, element.Text);
            return ValueTask.CompletedTask;
        }

        var stanza = (_reader ??= new StanzaReader()).Read(element, out var problem);
        problem ??= _options.IsComponent ? ComponentStanza.ProblemOf(stanza!, _options.Jid!) : null;
        if (stanza is null || problem is not null)
        {
            LogIgnored(problem);
            return ValueTask.CompletedTask;
        }

        Telemetry.StanzasIn.Add(1, new KeyValuePair<string, object?>("kind", Telemetry.KindOf(stanza)));
        switch (stanza)
        {
            case Message message:
                return Take(message, number) is { } received ? _inbox.AddAsync(received, cancellationToken) : ValueTask.CompletedTask;
            case Presence presence when !Claimed(_modules.PresenceHooks, presence):
                return _inbox.AddAsync(
                    new PresenceReceived(presence) { Pending = _store is null ? Pending(number) : null }, cancellationToken);
            case Iq { IsRequest: true } request:
                return AnswerAsync(request, cancellationToken);
            case Iq answer when !Requests.TryComplete(answer, BoundJid!):
                LogStrayAnswer(answer.Id);
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }

    private XmppEvent? Take(Message message, ulong number)
    {
        if (_store is not null)
        {
            return Take(message, number, _store);
        }

        if (IsRedelivered(message) || Claimed(_modules.MessageHooks, message))
        {
            return null;
        }

        var received = new MessageReceived(message) { Pending = Pending(number), Handled = ToldLater };
        if (CopyIn(received) is { } copy)
        {
            return copy;
        }

        TellNow(message);
        return received;
    }

    // A message, what modules note of it, and that it is counted are kept together.
    private XmppEvent? Take(Message message, ulong number, SessionStore store)
    {
        store.Journal.Hold();
        try
        {
            if (IsRedelivered(message) || Claimed(_modules.MessageHooks, message))
            {
                return null;
            }

            var received = store.Take(message, _key, _inbox.Kept);
            if (_received is not null)
            {
                store.Count(_received, number);
                _isCounted = true;
            }

            if (CopyIn(received) is { } copy)
            {
                return copy;
            }

            TellNow(message);
            return received with { Handled = ToldLater };
        }
        finally
        {
            store.Journal.Release();
        }
    }

    // A module's mistake must not end the session.
    private CopyReceived? CopyIn(MessageReceived received)
    {
        foreach (var read in _modules.CopyReaders)
        {
            try
            {
                if (read(received.Message) is { } copy)
                {
                    return copy with { Pending = received.Pending };
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogHookFailed(read.Target?.ToString(), e);
            }
        }

        return null;
    }

    private Action<Message>? ToldLater =>
        _options.StreamManagement.Acknowledge == AcknowledgeMode.AfterHandling ? _handled ??= TellHandled : null;

    private void TellNow(Message message)
    {
        if (ToldLater is null)
        {
            TellHandled(message);
        }
    }

    private void TellHandled(Message message)
    {
        foreach (var hook in _modules.HandledHooks)
        {
            try
            {
                hook(message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogHookFailed(hook.Target?.ToString(), e);
            }
        }
    }

    private UnacknowledgedStanza? Pending(ulong number)
    {
        _isPending = _received is not null && _options.StreamManagement.Acknowledge == AcknowledgeMode.AfterHandling;
        return _isPending ? new UnacknowledgedStanza(_received!, number) : null;
    }

    private bool IsRedelivered(Message message)
    {
        if (_received is null || MessageKey.Of(message, BoundJid!.Bare) is not { } key)
        {
            return false;
        }

        _key = key;
        if (_known?.Contains(key) != true)
        {
            return false;
        }

        Telemetry.MessagesRedelivered.Add(1);
        LogRedelivered(message.Id);
        return true;
    }

    private void Remember(IReadOnlyCollection<MessageKey> redeliverable)
    {
        if (redeliverable.Count > 0)
        {
            (_known ??= new KnownMessages()).Add(redeliverable);
        }
    }

    // A module's mistake must not end the session.
    private bool Claimed<T>(Func<T, bool>[] hooks, T stanza)
    {
        foreach (var hook in hooks)
        {
            try
            {
                if (hook(stanza))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogHookFailed(hook.Target?.ToString(), e);
            }
        }

        return false;
    }

    // The reader waits where a reply finds no room: a flood of requests is slowed down, not queued here.
    private ValueTask AnswerAsync(Iq request, CancellationToken cancellationToken)
    {
        // RFC 6120 §8.2.3: a request has exactly one payload.
        if (request.Payloads is not [XmppElement payload])
        {
            return ReplyAsync(request, StanzaErrors.BadRequest, cancellationToken);
        }

        if (_modules.Find(request.Type, payload.Name) is not { } route)
        {
            return ReplyAsync(request, StanzaErrors.ServiceUnavailable, cancellationToken);
        }

        // A session that may go on over another connection answers there.
        var handled = HandleAsync(route, request, _lifetime?.Token ?? cancellationToken);
        if (handled.IsCompleted)
        {
            return new ValueTask(handled);
        }

        var finished = FinishAsync(handled);
        return Volatile.Read(ref _runningHandlers) < MostRunningHandlers
            ? ValueTask.CompletedTask : new ValueTask(UntilAsync(finished, cancellationToken));
    }

    // The request is in our hands whatever becomes of the connection.
    private static async Task UntilAsync(Task finished, CancellationToken cancellationToken) => await finished
        .WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task FinishAsync(Task handled)
    {
        Interlocked.Increment(ref _runningHandlers);
        try
        {
            await handled.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _runningHandlers);
        }
    }

    private async Task HandleAsync(IqRoute route, Iq request, CancellationToken cancellationToken)
    {
        IPayload? answer;
        try
        {
            answer = await route.AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogHandlerFailed(route.Payload, e);
            answer = StanzaErrors.InternalServerError;
        }

        await ReplyAsync(request, answer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReplyAsync(Iq request, IPayload? payload, CancellationToken cancellationToken)
    {
        try
        {
            // Without waiting for acknowledgements, which come by way of whoever waits here.
            await SendAsync(Reply(request, payload), mayWait: false, cancellationToken).ConfigureAwait(false);
        }
        catch (XmppStanzaTooLargeException e) when (payload is not StanzaError)
        {
            // XEP-0478 §4
            LogReplyFailed(e);
            var error = new StanzaError(StanzaErrorType.Modify, StanzaErrorCondition.PolicyViolation, "The answer is too long for our server.");
            await ReplyAsync(request, error, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or ArgumentException or OperationCanceledException)
        {
            LogReplyFailed(e);
        }
    }

    private Iq Reply(Iq request, IPayload? payload) =>
        _options.IsComponent ? request.Reply(payload) with { From = request.To } : request.Reply(payload);

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "Ignored what the server sent: {Problem}")]
    private partial void LogIgnored(string? problem);

    [LoggerMessage(EventId = 21, Level = LogLevel.Debug, Message = "Ignored an answer nobody waits for, id {Id}")]
    private partial void LogStrayAnswer(string? id);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "The module {Module} failed at a stanza")]
    private partial void LogHookFailed(string? module, Exception exception);

    [LoggerMessage(EventId = 23, Level = LogLevel.Error, Message = "A handler failed at a request of {Name}")]
    private partial void LogHandlerFailed(XmlName name, Exception exception);

    [LoggerMessage(EventId = 24, Level = LogLevel.Debug, Message = "A reply could not be sent")]
    private partial void LogReplyFailed(Exception exception);

    [LoggerMessage(EventId = 26, Level = LogLevel.Debug, Message = "Ignored a message that came before the session was lost, id {Id}")]
    private partial void LogRedelivered(string? id);

    [LoggerMessage(EventId = 27, Level = LogLevel.Warning, Message = "{Module} cannot tell which messages have arrived: {Reason}")]
    private partial void LogSearchFailed(string? module, string reason);

    [LoggerMessage(EventId = 28, Level = LogLevel.Error, Message = "Messages of a lost session could not be settled, and count as lost")]
    private partial void LogSettlingFailed(Exception exception);

    [LoggerMessage(EventId = 29, Level = LogLevel.Warning, Message = "Passed over a {Kind} that breaks a limit: {Reason}")]
    private partial void LogRefused(string kind, string reason);

    [LoggerMessage(
        EventId = 83, Level = LogLevel.Information,
        Message = "An earlier process has left {Outgoing} messages to send and {Incoming} to handle")]
    private partial void LogRestored(int outgoing, int incoming);

    [LoggerMessage(EventId = 84, Level = LogLevel.Warning, Message = "A message to {Jid} that an earlier process has sent may be lost, id {Id}")]
    private partial void LogLost(Jid? jid, string? id);

    [LoggerMessage(EventId = 25, Level = LogLevel.Error, Message = "The module {Module} failed at the end of the session")]
    private partial void LogEndFailed(string? module, Exception exception);
}
