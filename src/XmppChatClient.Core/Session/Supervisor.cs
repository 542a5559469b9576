using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Negotiation;
using XmppChatClient.Sasl;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Tcp;

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
    private readonly Authentication _authentication;
    private readonly Backoff _backoff;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly ScramKeyCache _keys = new();
    private volatile Link? _link;
    private Task<Exception?> _running = Task.FromResult<Exception?>(null);
    private int _unansweredResumes;
    private bool _isClosing;
    private volatile SessionState _state;

    public Supervisor(XmppClientOptions options, ModuleSet modules, Inbox inbox, XmppSession session)
    {
        _options = options;
        _modules = modules;
        _inbox = inbox;
        _session = session;
        _connector = options.Connector ?? new TcpConnector(options);
        _authentication = new Authentication(_keys);
        _backoff = new Backoff(options.Reconnect, static () => Random.Shared.NextDouble());
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Client");
    }

    public SessionState State => _state;

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
            if (_state == SessionState.Idle)
            {
                _state = SessionState.Closed;
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
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        _keys.Dispose();
    }

    public ValueTask AbortAsync(XmppException reason) => _link?.AbortAsync(reason) ?? ValueTask.CompletedTask;

    private void Begin()
    {
        if (_state != SessionState.Idle)
        {
            throw new InvalidOperationException($"The client is {_state}; a client connects once and stays connected.");
        }

        _state = SessionState.Connecting;
    }

    private async Task<Link> ConnectFirstAsync(CancellationToken cancellationToken)
    {
        // The caller holds the lock: nothing of anybody else's may run on its thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            return await EstablishAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isClosed = !BackToIdle();
            if (isClosed)
            {
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
    private bool BackToIdle()
    {
        lock (_gate)
        {
            _state = _isClosing ? SessionState.Closed : SessionState.Idle;
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
        while (true)
        {
            var living = LiveAsync(connecting);
            connecting = null;
            var error = await living.ConfigureAwait(false);
            if (_closing.IsCancellationRequested)
            {
                End(Closed);
                break;
            }

            if (!_options.Reconnect.Enabled || error is not (null or XmppException { IsTransient: true }))
            {
                fatal = error;
                End(Ended(error, retryIn: null));
                break;
            }

            if (!await WaitAsync(error).ConfigureAwait(false))
            {
                End(Closed);
                break;
            }
        }

        lock (_gate)
        {
            _state = SessionState.Closed;
        }

        _inbox.Complete(fatal);
        return fatal;
    }

    private void End(SessionEnded end)
    {
        _session.Lose(handled: null, end.Error, isLast: true);
        _inbox.Add(end);
    }

    /// <summary>One session, from connecting until its link ends, or is ended in good order when the client is being closed.
    /// </summary>
    /// <returns>Why it ended; <see langword="null"/> when the server closed it.</returns>
    private async Task<Exception?> LiveAsync(Task<Link>? connecting)
    {
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

            _backoff.SessionLasted(_options.TimeProvider.GetElapsedTime(link.StartedAt));
            return await link.Reading.ConfigureAwait(false);
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
        var delay = _backoff.Next();
        _state = SessionState.Waiting;
        var waiting = Task.Delay(delay, _options.TimeProvider, _closing.Token);
        _inbox.Add(Ended(error, delay) with { MayResume = _session.MayResume });
        LogWaiting(delay.TotalSeconds, error?.Message ?? "The server closed the stream.");
        try
        {
            await waiting.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        Telemetry.Reconnects.Add(1);
        _state = SessionState.Connecting;
        return true;
    }

    private async Task<Link> EstablishAsync(CancellationToken cancellationToken)
    {
        var domain = _options.Jid!.Domain;
        var transport = await _connector.ConnectAsync(domain, cancellationToken).ConfigureAwait(false);
        var resume = _session.ToResume();
        Link? link = null;
        var isNew = false;
        try
        {
            var negotiation = await NegotiateAsync(transport, resume, cancellationToken).ConfigureAwait(false);
            _unansweredResumes = 0;
            link = new Link(transport, _options.TimeProvider.GetTimestamp());
            _link = link;
            isNew = negotiation.ResumedAt is null;
            if (isNew)
            {
                await BeginAsync(link, negotiation, cancellationToken).ConfigureAwait(false);
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

            if (link is not null || IsRefusal(resume, e))
            {
                // A session whose start failed, or whose counts do not hold, is none to go on with.
                _session.Lose(handled: null, e as XmppException, isLast: false);
            }

            if (!isNew || cancellationToken.IsCancellationRequested
                || e is not (OperationCanceledException or XmppSessionLostException or XmppConnectionException))
            {
                throw;
            }

            // What ended the stream says more than that something was lost with it.
            throw await link!.Reading.ConfigureAwait(false)
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
        _session.Lose(negotiation.LostAt, error: null, isLast: false);
        _session.Attach(link, negotiation);
        _inbox.HoldForStart();
        link.Reading = _session.ReadAsync(link);
        await StartSessionAsync(link, cancellationToken).ConfigureAwait(false);
    }

    private void Resume(Link link, StreamNegotiation negotiation)
    {
        _session.Resume(link, negotiation);
        _state = SessionState.Online;
        _inbox.Add(new SessionStarted(_session.BoundJid!, Resumed: true));
        link.Reading = _session.ReadAsync(link);
        _ = _session.SettleAsync(link.Cut);
        _ = CatchUpAsync(link.Cut);
    }

    private async Task<StreamNegotiation> NegotiateAsync(
        IXmppTransport transport, ResumeRequest? resume, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeouts.Handshake, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var negotiation = await new StreamNegotiator(
                    [new StartTls(), _authentication, new StreamResumption(), new ResourceBinding(), new StreamManagementFeature()])
                .NegotiateAsync(transport, _options, resume, either.Token).ConfigureAwait(false);
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

        _state = SessionState.Online;
        _inbox.Add(new SessionStarted(_session.BoundJid!, Resumed: false));
        _ = _session.SettleAsync(link.Cut);
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
            if (_options.Presence is not null)
            {
                await _session.SendAsync(new Presence { Type = PresenceType.Unavailable }, limit.Token).ConfigureAwait(false);
            }

            _session.SettleAccounts();

            await link.Transport.CloseStreamAsync(limit.Token).ConfigureAwait(false);
            await link.Reading.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            LogCloseFailed(e.Message);
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Online as {Jid} ({Connection})")]
    private partial void LogOnline(Jid jid, string connection);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Connecting again in {Delay:0.0} s: {Reason}")]
    private partial void LogWaiting(double delay, string reason);

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "{Module} could not start: {Reason}")]
    private partial void LogStartFailed(string? module, string reason);

    [LoggerMessage(EventId = 33, Level = LogLevel.Debug, Message = "The stream was not closed in good order: {Reason}")]
    private partial void LogCloseFailed(string reason);

    [LoggerMessage(EventId = 36, Level = LogLevel.Warning, Message = "{Module} could not catch up with what was missed")]
    private partial void LogCatchUpFailed(string? module, Exception exception);

    [LoggerMessage(EventId = 34, Level = LogLevel.Information, Message = "Closing")]
    private partial void LogClosing();
}
