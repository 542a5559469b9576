using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Negotiation;
using XmppChatClient.Sasl;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Session;

/// <summary>Keeps a session connected: makes its links one after the other, waits between them, and knows when to give up.
/// </summary>
internal sealed partial class Supervisor : IAsyncDisposable
{
    private readonly XmppClientOptions _options;
    private readonly ModuleSet _modules;
    private readonly Inbox _inbox;
    private readonly XmppSession _session;
    private readonly IXmppConnector _connector;
    private readonly StreamNegotiator _negotiator;
    private readonly Backoff _backoff;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly ScramKeyCache _keys = new();
    private volatile Link? _link;
    private Task _running = Task.CompletedTask;
    private volatile SessionState _state;

    public Supervisor(XmppClientOptions options, ModuleSet modules, Inbox inbox, XmppSession session)
    {
        _options = options;
        _modules = modules;
        _inbox = inbox;
        _session = session;
        _connector = options.Connector ?? new TcpConnector(options);
        _negotiator = new StreamNegotiator([new StartTls(), new Authentication(_keys), new ResourceBinding()]);
        _backoff = new Backoff(options.Reconnect, Random.Shared.NextDouble);
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Client");
    }

    public SessionState State => _state;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        Begin();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        Link first;
        try
        {
            first = await EstablishAsync(either.Token).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _state = _closing.IsCancellationRequested ? SessionState.Closed : SessionState.Idle;
            }

            throw;
        }

        lock (_gate)
        {
            _running = SuperviseAsync(first);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Begin();
        Task running;
        lock (_gate)
        {
            _running = running = SuperviseAsync(first: null);
        }

        await using var registration = cancellationToken.UnsafeRegister(
            static supervisor => _ = ((Supervisor)supervisor!).CloseAsync(CancellationToken.None), this).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task running;
        lock (_gate)
        {
            running = _running;
            if (!_closing.IsCancellationRequested)
            {
                _closing.Cancel();
                LogClosing();
            }

            if (_state == SessionState.Idle)
            {
                _state = SessionState.Closed;
                _inbox.Complete(null);
            }
        }

        try
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (XmppException)
        {
            // Whoever reads the events, or awaits RunAsync, is told.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        _keys.Dispose();
    }

    public ValueTask AbortAsync(XmppException reason) => _link?.AbortAsync(reason) ?? ValueTask.CompletedTask;

    private void Begin()
    {
        lock (_gate)
        {
            if (_state != SessionState.Idle)
            {
                throw new InvalidOperationException($"The client is {_state}; a client connects once and stays connected.");
            }

            _state = SessionState.Connecting;
        }
    }

    private async Task SuperviseAsync(Link? first)
    {
        var link = first;
        XmppException? fatal = null;
        while (true)
        {
            XmppException? error = null;
            try
            {
                link ??= await EstablishAsync(_closing.Token).ConfigureAwait(false);
                error = await ServeAsync(link).ConfigureAwait(false);
                _backoff.SessionLasted(_options.TimeProvider.GetElapsedTime(link.StartedAt));
            }
            catch (XmppException e)
            {
                error = e;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
            }

            link = null;
            if (_closing.IsCancellationRequested)
            {
                _inbox.Add(new SessionEnded(SessionEndReason.Closed, null, null));
                break;
            }

            if (!_options.Reconnect.Enabled || error is { IsTransient: false })
            {
                fatal = error;
                _inbox.Add(new SessionEnded(SessionEndReasons.Of(error), error, null));
                break;
            }

            if (!await WaitAsync(error).ConfigureAwait(false))
            {
                break;
            }
        }

        lock (_gate)
        {
            _state = SessionState.Closed;
        }

        _inbox.Complete(fatal);
        if (fatal is not null)
        {
            throw fatal;
        }
    }

    /// <summary>Waits before the next attempt.</summary>
    /// <returns><see langword="false"/> when the client was closed meanwhile.</returns>
    private async ValueTask<bool> WaitAsync(XmppException? error)
    {
        var delay = _backoff.Next();
        _state = SessionState.Waiting;
        _inbox.Add(new SessionEnded(SessionEndReasons.Of(error), error, delay));
        LogWaiting(delay.TotalSeconds, error?.Message ?? "The server closed the stream.");
        try
        {
            await Task.Delay(delay, _options.TimeProvider, _closing.Token).ConfigureAwait(false);
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
        Link? link = null;
        try
        {
            var negotiation = await NegotiateAsync(transport, cancellationToken).ConfigureAwait(false);
            _session.Attach(transport, negotiation.BoundJid!, negotiation.Features);
            link = new Link(transport, _options.TimeProvider.GetTimestamp());
            _link = link;
            _inbox.HoldForStart();
            link.Reading = ReadAsync(link);
            await StartSessionAsync(cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch (Exception e)
        {
            await ((IAsyncDisposable?)link ?? transport).DisposeAsync().ConfigureAwait(false);
            _link = null;
            _session.Lose(e as XmppException);
            throw;
        }
    }

    private async Task<StreamNegotiation> NegotiateAsync(IXmppTransport transport, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeouts.Handshake, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var negotiation = await _negotiator.NegotiateAsync(transport, _options, either.Token).ConfigureAwait(false);
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

    private async Task StartSessionAsync(CancellationToken cancellationToken)
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

        _state = SessionState.Online;
        _inbox.Add(new SessionStarted(_session.BoundJid!, Resumed: false));
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
    }

    /// <summary>Waits until a link ends, or ends it in good order when the client is being closed.</summary>
    private async Task<XmppException?> ServeAsync(Link link)
    {
        try
        {
            await link.Reading.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            await CloseStreamAsync(link).ConfigureAwait(false);
        }

        await link.DisposeAsync().ConfigureAwait(false);
        var error = await link.Reading.ConfigureAwait(false);
        _link = null;
        return error;
    }

    private async Task CloseStreamAsync(Link link)
    {
        using var limit = new CancellationTokenSource(_options.Timeouts.Close, _options.TimeProvider);
        try
        {
            if (_options.Presence is not null)
            {
                await _session.SendAsync(new Presence { Type = PresenceType.Unavailable }, limit.Token).ConfigureAwait(false);
            }

            await link.Transport.CloseStreamAsync(limit.Token).ConfigureAwait(false);

            // Nobody may be reading any more: what still comes must not hold up the server's closing tag.
            _inbox.LiftLimit();
            await link.Reading.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            LogCloseFailed(e.Message);
        }
    }

    private async Task<XmppException?> ReadAsync(Link link)
    {
        XmppException? error = null;
        try
        {
            await _session.ReadAsync(link.Transport, link.Cut).ConfigureAwait(false);
        }
        catch (XmppException e)
        {
            error = link.AbortReason ?? e;
        }
        catch (OperationCanceledException) when (link.Cut.IsCancellationRequested)
        {
            error = link.AbortReason;
        }

        _session.Lose(error);
        return error;
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Online as {Jid} ({Connection})")]
    private partial void LogOnline(Jid jid, string connection);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Connecting again in {Delay:0.0} s: {Reason}")]
    private partial void LogWaiting(double delay, string reason);

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "{Module} could not start: {Reason}")]
    private partial void LogStartFailed(string? module, string reason);

    [LoggerMessage(EventId = 33, Level = LogLevel.Debug, Message = "The stream was not closed in good order: {Reason}")]
    private partial void LogCloseFailed(string reason);

    [LoggerMessage(EventId = 34, Level = LogLevel.Information, Message = "Closing")]
    private partial void LogClosing();
}
