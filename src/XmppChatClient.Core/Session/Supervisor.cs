using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using XmppChatClient.Components;
using XmppChatClient.Modules;
using XmppChatClient.Negotiation;
using XmppChatClient.Sasl;
using XmppChatClient.Storage;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Transports;

namespace XmppChatClient.Session;

/// <summary>Keeps a session connected: makes its links one after the other, waits between them, and knows when to give up.
/// </summary>
internal sealed partial class Supervisor : IAsyncDisposable
{
    private const int MostUnansweredResumes = 2;

    private static readonly SessionEnded Closed = new(SessionEndReason.Closed, null, null);

    private readonly XmppClientOptions _options;
    private readonly ModuleSet _modules;
    private readonly Inbox _inbox;
    private readonly XmppSession _session;
    private readonly IXmppConnector _connector;
    private readonly Backoff _backoff;
    private readonly NextHost _next;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly ScramKeyCache _keys = new();
    private volatile Link? _link;
    private Task<Exception?> _running = Task.FromResult<Exception?>(null);
    private int _unansweredResumes;
    private bool _isClosing;
    private bool _isSentOn;
    private bool _isGoodbyeSaid;
    private volatile bool _isDisposed;
    private Task _settling = Task.CompletedTask;
    private Journal? _journal;
    private volatile Standing _standing;

    public Supervisor(XmppClientOptions options, ModuleSet modules, Inbox inbox, XmppSession session)
    {
        _options = options;
        _modules = modules;
        _inbox = inbox;
        _session = session;
        _connector = options.MakeConnector();
        _backoff = new Backoff(options.Reconnect, static () => Random.Shared.NextDouble());
        _next = new NextHost(options.Tls);
        _standing = new Standing(SessionState.Idle, options.TimeProvider.GetUtcNow(), LastError: null);
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Client");
    }

    public Standing Standing => _standing;

    public bool IsEncrypted => _link?.Transport.IsEncrypted ?? false;

    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Begin();
            var connecting = ConnectFirstAsync(cancellationToken);
            _running = SuperviseAsync(connecting);
            return connecting;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task<Exception?> running;
        lock (_gate)
        {
            Begin();
            _running = running = SuperviseAsync(connecting: null);
        }

        await using var registration = cancellationToken.UnsafeRegister(
            static supervisor => _ = ((Supervisor)supervisor!).CloseAsync(CancellationToken.None), this).ConfigureAwait(false);
        if (await running.ConfigureAwait(false) is { } fatal)
        {
            ExceptionDispatchInfo.Throw(fatal);
        }
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task running;
        bool isFirst;
        lock (_gate)
        {
            running = _running;
            isFirst = !_isClosing;
            _isClosing = true;
            if (_standing.State == SessionState.Idle)
            {
                Enter(SessionState.Closed);
                _session.Lose(handled: null, error: null, isLast: true, mayGoOn: true);
                _inbox.Complete(null);
            }
        }

        if (isFirst)
        {
            LogClosing();
            await _closing.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _journal, null) is { } journal)
        {
            await journal.CloseAsync().ConfigureAwait(false);
        }

        _keys.Dispose();
    }

    public ValueTask AbortAsync(XmppException reason) => _link?.AbortAsync(reason) ?? ValueTask.CompletedTask;

    /// <summary>Has the server take the token no more that stands in for the password, and forgets it.</summary>
    /// <returns>Whether the server was told.</returns>
    public async Task<bool> ForgetTokenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(XmppClient));
        if (_options.Store is not null && _journal is null)
        {
            throw new InvalidOperationException("The client has not opened its store yet; connect it first.");
        }

        var (memory, choice, log) = LoginParts();
        if (memory.Token is null || _options.IsComponent)
        {
            return false;
        }

        var feature = new TokenReturn(new Sasl2(choice, new FastLogin(memory, choice), memory, log));
        await StreamVisit.MakeAsync(_options, feature, cancellationToken).ConfigureAwait(false);
        await _session.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return feature.IsDone;
    }

    private (LoginMemory Memory, SaslChoice Choice, LoginLog Log) LoginParts()
    {
        var memory = new LoginMemory(name => _session.Notes.GetValueOrDefault(name), _session.Note);
        var log = new LoginLog(_options.LoggerFactory);
        return (memory, new SaslChoice(_keys, memory, log), log);
    }

    // For one login: what is left to the next is in the notes.
    private StreamNegotiator MakeNegotiator()
    {
        var (memory, choice, log) = LoginParts();
        return new StreamNegotiator(
        [
            new StartTls(),
            new Sasl2(choice, new FastLogin(memory, choice), memory, log),
            new Authentication(choice),
            new StreamResumption(),
            new ResourceBinding(),
            new StreamManagementFeature(),
        ]);
    }

    private void Begin()
    {
        if (_standing.State != SessionState.Idle)
        {
            throw new InvalidOperationException($"The client is {_standing.State}; a client connects once and stays connected.");
        }

        Enter(SessionState.Connecting);
    }

    private void Enter(SessionState state, XmppException? error = null)
    {
        var before = _standing.State;
        _standing = _standing.Enter(state, error, _options.TimeProvider.GetUtcNow());
        Telemetry.Moved(before, state);
    }

    private async Task<Link> ConnectFirstAsync(CancellationToken cancellationToken)
    {
        // The caller holds the lock: nothing of anybody else's may run on its thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        _next.Rested();
        try
        {
            return await EstablishAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isClosed = !BackToIdle(e as XmppException);
            if (isClosed)
            {
                _session.Lose(handled: null, e as XmppException, isLast: true, mayGoOn: true);
                _inbox.Complete(null);
            }

            if (e is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (isClosed)
                {
                    throw new XmppException("The client was closed while it was connecting.");
                }
            }

            throw;
        }
    }

    /// <summary>An attempt to connect has failed.</summary>
    /// <returns><see langword="false"/> when the client was closed meanwhile.</returns>
    private bool BackToIdle(XmppException? error)
    {
        lock (_gate)
        {
            Enter(_isClosing ? SessionState.Closed : SessionState.Idle, error);
            return !_isClosing;
        }
    }

    /// <summary>One session after the other, until the client is closed or trying again is of no use.</summary>
    /// <param name="connecting">Makes the first link. If it fails, whoever called is told, and it is over.</param>
    /// <returns>What cannot be mended.</returns>
    private async Task<Exception?> SuperviseAsync(Task<Link>? connecting)
    {
        await ((Task?)connecting ?? Task.CompletedTask).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (connecting is { IsCompletedSuccessfully: false })
        {
            return null;
        }

        Exception? fatal = null;
        XmppException? last = null;
        while (true)
        {
            var living = LiveAsync(connecting);
            connecting = null;
            var error = await living.ConfigureAwait(false);
            if (_closing.IsCancellationRequested)
            {
                await SendRestAsync().ConfigureAwait(false);
                End(Closed);
                break;
            }

            if (!_options.Reconnect.Enabled || error is not (null or XmppException { IsTransient: true }))
            {
                fatal = error;
                var ended = Ended(error, retryIn: null);
                last = ended.Error;
                End(ended);
                break;
            }

            if (!await WaitAsync(error).ConfigureAwait(false))
            {
                await SendRestAsync().ConfigureAwait(false);
                End(Closed);
                break;
            }
        }

        await _session.FlushAsync().WaitAsync(_options.Timeouts.Close, _options.TimeProvider)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            Enter(SessionState.Closed, last);
        }

        _inbox.Complete(fatal);
        return fatal;
    }

    private void End(SessionEnded end)
    {
        _session.Lose(handled: null, end.Error, isLast: true, mayGoOn: !_isGoodbyeSaid);
        _inbox.Add(end);
    }

    /// <summary>One session, from connecting until its link ends, or is ended in good order when the client is being closed.
    /// </summary>
    /// <returns>Why it ended; <see langword="null"/> when the server closed it.</returns>
    private async Task<Exception?> LiveAsync(Task<Link>? connecting)
    {
        _isSentOn = false;
        try
        {
            var link = await (connecting ?? EstablishAsync(_closing.Token)).ConfigureAwait(false);
            connecting = null;
            try
            {
                await AnswerEndAsync(link.Transport, await link.Reading.WaitAsync(_closing.Token).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                await CloseStreamAsync(link).ConfigureAwait(false);
            }
            finally
            {
                await link.DisposeAsync().ConfigureAwait(false);
                _link = null;
            }

            if (_backoff.SessionLasted(_options.TimeProvider.GetElapsedTime(link.StartedAt)))
            {
                _next.Rested();
            }

            var reason = await link.Reading.ConfigureAwait(false);
            _next.Prefer(_session.ResumeAt);
            _isSentOn = IsSentOn(reason, link.Transport);
            return reason;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }

    private static SessionEnded Ended(Exception? error, TimeSpan? retryIn) => error is null or XmppException
        ? new SessionEnded(SessionEndReasons.Of((XmppException?)error), (XmppException?)error, retryIn)
        : new SessionEnded(
            SessionEndReason.Failed, new XmppException($"The client itself failed: {error.Message}", error), retryIn);

    /// <summary>Waits before the next attempt.</summary>
    /// <returns><see langword="false"/> when the client was closed meanwhile.</returns>
    private async ValueTask<bool> WaitAsync(Exception? error)
    {
        var delay = _isSentOn ? TimeSpan.Zero : _backoff.Next();
        var ended = Ended(error, delay) with { MayResume = _session.MayResume };
        var reason = ended.Error ?? new XmppConnectionException("The server closed the stream.");
        if (!_isSentOn)
        {
            _next.Rested();
            LogWaiting(delay.TotalSeconds, reason.Message);
        }

        Enter(SessionState.Waiting, reason);
        using var wait = new RetryWait(delay, _backoff.AfterChange(), _options.TimeProvider, _options.Network);
        _inbox.Add(ended);
        await wait.Over.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_closing.IsCancellationRequested)
        {
            return false;
        }

        Telemetry.Reconnects.Add(1);
        Enter(SessionState.Connecting);
        return true;
    }

    private async Task<Link> EstablishAsync(CancellationToken cancellationToken)
    {
        await OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var transport = await _connector.ConnectAsync(_options.Jid!.Domain, _next.Preferred, cancellationToken)
                .ConfigureAwait(false);
            _next.Connected();
            try
            {
                return await EstablishAsync(transport, cancellationToken).ConfigureAwait(false);
            }
            catch (XmppStreamException e) when (IsSentOn(e, transport))
            {
                // And that at once.
            }
            catch (TokenRefusedException)
            {
                // The token is forgotten; the password is to be judged by itself.
            }
        }
    }

    /// <exception cref="XmppStoreException">There is a store, and it cannot be used.</exception>
    private async ValueTask OpenStoreAsync(CancellationToken cancellationToken)
    {
        if (_journal?.Error is { } error)
        {
            throw error;
        }

        if (_options.Store is not { } store || _journal is not null)
        {
            return;
        }

        var state = await store.OpenAsync(_options.Jid!.Bare, cancellationToken).ConfigureAwait(false);
        var journal = new Journal(store, e => _link?.Abort(e));
        try
        {
            _session.Restore(journal, state);
            _journal = journal;
        }
        catch
        {
            await journal.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool IsSentOn(Exception? error, IXmppTransport transport)
    {
        if (error is not XmppStreamException { Error: { Condition: StreamErrorCondition.SeeOtherHost } other })
        {
            return false;
        }

        if (_next.Follow(other, transport.IsEncrypted) is { } problem)
        {
            LogNotSentOn(problem);
            return false;
        }

        LogSentOn(_next.Preferred!);
        return true;
    }

    private async Task<Link> EstablishAsync(IXmppTransport transport, CancellationToken cancellationToken)
    {
        var resume = _session.ToResume();
        Link? link = null;
        var isNew = false;
        try
        {
            var negotiation = await NegotiateAsync(transport, resume, MayBindInline(), cancellationToken).ConfigureAwait(false);
            _unansweredResumes = 0;
            link = new Link(transport, _options.TimeProvider.GetTimestamp());
            _link = link;
            if (_journal?.Error is { } dead)
            {
                throw dead;
            }

            isNew = negotiation.ResumedAt is null;
            if (isNew)
            {
                await BeginAsync(link, negotiation, cancellationToken).ConfigureAwait(false);
            }
            else if (_session.IsRestored)
            {
                await GoOnAsync(link, negotiation, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Resume(link, negotiation);
            }

            return link;
        }
        catch (Exception e)
        {
            await AnswerEndAsync(transport, e).ConfigureAwait(false);
            await ((IAsyncDisposable?)link ?? transport).DisposeAsync().ConfigureAwait(false);
            _link = null;
            if (link is not null)
            {
                await link.Reading.ConfigureAwait(false);
            }

            if (isNew || IsRefusal(resume, e))
            {
                // A session whose start failed, or whose counts do not hold, is none to go on with.
                _session.Lose(handled: null, e as XmppException, isLast: false);
            }

            if (link is null || cancellationToken.IsCancellationRequested
                || e is not (OperationCanceledException or XmppSessionLostException or XmppConnectionException))
            {
                throw;
            }

            // What ended the stream says more than that something was lost with it.
            throw await link.Reading.ConfigureAwait(false)
                ?? e as XmppException
                ?? new XmppConnectionException("The stream ended while the session was starting.", e);
        }
    }

    // Prosody 0.12 hangs up instead of refusing some counts; once, that may be a lost connection.
    private bool IsRefusal(ResumeRequest? resume, Exception error) => resume is { WasSent: true }
        && (error is XmppProtocolException || ++_unansweredResumes >= MostUnansweredResumes);

    /// <summary>A new session, up to its first presence.</summary>
    private async ValueTask BeginAsync(Link link, StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        if (negotiation.Resume is not null)
        {
            Telemetry.Resumed(isAccepted: false);
            LogNotResumed();
        }

        _session.Lose(negotiation.LostAt, error: null, isLast: false);
        _session.Attach(link, negotiation);
        _inbox.HoldForStart(_session.TakeLeft());
        link.Reading = _session.ReadAsync(link);
        TellSwitchedOn(negotiation);
        await StartSessionAsync(link, cancellationToken).ConfigureAwait(false);
    }

    private void TellSwitchedOn(StreamNegotiation negotiation)
    {
        foreach (var feature in _modules.BindFeatures)
        {
            feature.IsOn(negotiation.SwitchedOn.Contains(feature));
        }
    }

    /// <summary>A session that an earlier process began. What is under way in it goes on, and all else begins anew, as this
    /// process knows nothing of it. It does not become unavailable in between: what is on its way then may get lost between what
    /// a server keeps and what it delivers.</summary>
    private async ValueTask GoOnAsync(Link link, StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        _inbox.HoldForStart(_session.TakeLeft());
        _session.Resume(link, negotiation);
        Telemetry.Resumed(isAccepted: true);
        link.Reading = _session.ReadAsync(link);
        TellSwitchedOn(negotiation);
        await StartSessionAsync(link, cancellationToken).ConfigureAwait(false);
    }

    private void Resume(Link link, StreamNegotiation negotiation)
    {
        _session.Resume(link, negotiation);
        Telemetry.Resumed(isAccepted: true);
        Enter(SessionState.Online);
        _inbox.Add(new SessionStarted(_session.BoundJid!, Resumed: true));
        link.Reading = _session.ReadAsync(link);
        _settling = _session.SettleAsync(link.Cut);
        _ = CatchUpAsync(link.Cut);
    }

    private async Task<StreamNegotiation> NegotiateAsync(
        IXmppTransport transport, ResumeRequest? resume, bool mayBindInline, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeouts.Handshake, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var negotiation = new StreamNegotiation(transport, _options, _options.Jid!)
            {
                Resume = resume,
                MayBindInline = mayBindInline,
                BindFeatures = _modules.BindFeatures,
            };
            var login = _options.IsComponent
                ? ComponentHandshake.NegotiateAsync(negotiation, either.Token)
                : MakeNegotiator().NegotiateAsync(negotiation, either.Token);
            await login.ConfigureAwait(false);
            LogOnline(negotiation.BoundJid!, transport.Description);
            return negotiation;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new XmppTimeoutException(
                $"The server of {_options.Jid!.Domain} did not finish the login within "
                + $"{_options.Timeouts.Handshake.TotalSeconds:0.#} s.");
        }
    }

    // XEP-0386 §3.2: what the server kept while we were offline is gone then.
    private bool MayBindInline() => _options.Jid!.Resource is null && _options.Login.Bind2 switch
    {
        Bind2Use.Always => true,
        Bind2Use.WhenNothingIsLost => Array.Exists(_modules.OfflineFetches, static fetches => fetches()),
        _ => false,
    };

    private async Task StartSessionAsync(Link link, CancellationToken cancellationToken)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = RunStartAsync(link, starting.Token);
        if (await Task.WhenAny(started, link.Reading).ConfigureAwait(false) != started)
        {
            await starting.CancelAsync().ConfigureAwait(false);
        }

        await started.ConfigureAwait(false);
    }

    private async Task RunStartAsync(Link link, CancellationToken cancellationToken)
    {
        foreach (var start in _modules.SessionStarts)
        {
            try
            {
                await start(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is XmppStanzaException or XmppTimeoutException)
            {
                LogStartFailed(start.Target?.GetType().Name, e.Message);
            }
        }

        if (_options.Presence is { } presence)
        {
            await _session.SendAsync(
                _modules.Outgoing(new Presence
                {
                    Show = presence.Show,
                    Status = presence.Status,
                    Priority = presence.Priority,
                }),
                cancellationToken).ConfigureAwait(false);
        }

        Enter(SessionState.Online);
        _session.Started();
        _inbox.Add(new SessionStarted(_session.BoundJid!, Resumed: false));
        _settling = _session.SettleAsync(link.Cut);
        _ = CatchUpAsync(link.Cut);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (var catchUp in _modules.CatchUps)
        {
            try
            {
                await catchUp(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // There will be another session.
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogCatchUpFailed(catchUp.Target?.GetType().Name, e);
            }
        }
    }

    // RFC 6120 §4.4 and §4.9.1.1: the end of the server's stream is answered by the end of ours, and whoever finds the other
    // one breaking the protocol says so before going.
    private async ValueTask AnswerEndAsync(IXmppTransport transport, Exception? error)
    {
        if (error is not (null or XmppProtocolException))
        {
            return;
        }

        using var limit = new CancellationTokenSource(_options.Timeouts.Close, _options.TimeProvider);
        try
        {
            if (error is XmppProtocolException violation)
            {
                await transport.SendAsync(
                    new StreamError(violation.Condition) { Detail = violation.Detail }, limit.Token).ConfigureAwait(false);
            }

            await transport.CloseStreamAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            LogCloseFailed(e.Message);
        }
    }

    private async Task CloseStreamAsync(Link link)
    {
        // Nobody may be reading any more: what still comes must hold up neither the server, which may not take our goodbye
        // before we took what it sent, nor its closing tag.
        _inbox.LiftLimit();
        using var limit = new CancellationTokenSource(_options.Timeouts.Close, _options.TimeProvider);
        try
        {
            // What a lost session left, and all that was sent since, is held back until then.
            await _settling.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_options.Presence is not null)
            {
                await _session.SendLastAsync(new Presence { Type = PresenceType.Unavailable }, limit.Token)
                    .AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
            }

            await _session.FlushAsync().WaitAsync(limit.Token).ConfigureAwait(false);
            _session.SettleAccounts();
            if (link.Transport.EndsAtOnce)
            {
                await _session.AnsweredAsync().WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await link.Transport.CloseStreamAsync(limit.Token).ConfigureAwait(false);
            _isGoodbyeSaid = true;
            await link.Reading.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            LogCloseFailed(e.Message);
        }
    }

    /// <summary>When the client is closed while there is no connection: one try to go on with the session, for what still waits
    /// to be sent or acknowledged.</summary>
    private async Task SendRestAsync()
    {
        var unacknowledged = _session.Unacknowledged;
        if (_isGoodbyeSaid || !_options.Reconnect.Enabled || !_session.MayResume || unacknowledged == 0)
        {
            return;
        }

        LogSendingRest(unacknowledged);
        _session.TakeNoMore();
        using var limit = new CancellationTokenSource(_options.Timeouts.Close, _options.TimeProvider);
        try
        {
            while (!await TrySendRestAsync(limit.Token).ConfigureAwait(false))
            {
                // As at any other login, on another connection.
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogCloseFailed(e.Message);
        }
    }

    /// <returns><see langword="false"/> when another connection may do better at once.</returns>
    private async ValueTask<bool> TrySendRestAsync(CancellationToken cancellationToken)
    {
        var transport = await _connector.ConnectAsync(_options.Jid!.Domain, _next.Preferred, cancellationToken).ConfigureAwait(false);
        var link = new Link(transport, _options.TimeProvider.GetTimestamp());
        await using (link.ConfigureAwait(false))
        {
            StreamNegotiation negotiation;
            try
            {
                negotiation = await NegotiateAsync(transport, _session.ToResume(), mayBindInline: false, cancellationToken).ConfigureAwait(false);
            }
            catch (TokenRefusedException)
            {
                return false;
            }

            if (negotiation.ResumedAt is null)
            {
                // A new session for the sake of a goodbye would take what others sent, and leave it unhandled.
                _session.Lose(negotiation.LostAt, error: null, isLast: true);
                await transport.CloseStreamAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }

            Resume(link, negotiation);
            await CloseStreamAsync(link).ConfigureAwait(false);
        }

        await link.Reading.ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Online as {Jid} ({Connection})")]
    private partial void LogOnline(Jid jid, string connection);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Connecting again in {Delay:0.0} s: {Reason}")]
    private partial void LogWaiting(double delay, string reason);

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "{Module} could not start: {Reason}")]
    private partial void LogStartFailed(string? module, string reason);

    [LoggerMessage(EventId = 33, Level = LogLevel.Debug, Message = "The stream was not closed in good order: {Reason}")]
    private partial void LogCloseFailed(string reason);

    [LoggerMessage(EventId = 80, Level = LogLevel.Warning, Message = "{Module} could not catch up with what was missed")]
    private partial void LogCatchUpFailed(string? module, Exception exception);

    [LoggerMessage(EventId = 34, Level = LogLevel.Information, Message = "Closing")]
    private partial void LogClosing();

    [LoggerMessage(EventId = 36, Level = LogLevel.Information, Message = "The server sends us to {Host}")]
    private partial void LogSentOn(ServerHost host);

    [LoggerMessage(EventId = 37, Level = LogLevel.Warning, Message = "The server sends us elsewhere, which is not followed: {Problem}")]
    private partial void LogNotSentOn(string problem);

    [LoggerMessage(EventId = 38, Level = LogLevel.Warning, Message = "The server did not resume the session; a new one begins")]
    private partial void LogNotResumed();

    [LoggerMessage(EventId = 39, Level = LogLevel.Information, Message = "Connecting once more for {Count} stanzas that are not acknowledged")]
    private partial void LogSendingRest(int count);
}
