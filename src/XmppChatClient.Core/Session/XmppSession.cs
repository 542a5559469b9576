using System.Diagnostics;
using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>A logical session: what is sent, asked and received, over one transport after the other.</summary>
internal sealed partial class XmppSession
{
    // Modules' handlers that may go on beside the read loop; at one more it waits for that one.
    private const int MostRunningHandlers = 64;

    private readonly XmppClientOptions _options;
    private readonly ModuleSet _modules;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private volatile IXmppTransport? _transport;
    private long _lastReceived;
    private volatile bool _waitsForRoom;
    private int _runningHandlers;

    public XmppSession(XmppClientOptions options, ModuleSet modules, Inbox inbox, IqTracker requests)
    {
        _options = options;
        _modules = modules;
        _inbox = inbox;
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

    /// <summary>When anything was last received, as a timestamp of the clock in the options: now, while the read loop waits
    /// for room. What lies behind may have come long ago, and who waits for it must not take the link for dead.</summary>
    public long LastReceived => _waitsForRoom ? _options.TimeProvider.GetTimestamp() : _lastReceived;

    public void Attach(IXmppTransport transport, Jid boundJid, XmppElement features)
    {
        BoundJid = boundJid;
        Features = features;
        _lastReceived = _options.TimeProvider.GetTimestamp();
        _transport = transport;
    }

    /// <summary>The connection is gone and with it, for now, the session.</summary>
    public void Lose(XmppException? error)
    {
        if (_transport is null)
        {
            return;
        }

        _transport = null;
        Requests.FailAll(() => new XmppSessionLostException(
            "The session ended before the answer came; whether the request was carried out is not known.", error));
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
    public ValueTask SendAsync(Stanza stanza, CancellationToken cancellationToken)
    {
        var transport = _transport ?? throw new XmppConnectionException("Not online: the stanza was not sent.");
        var sent = transport.SendAsync(stanza, cancellationToken);
        Telemetry.StanzasOut.Add(1, new KeyValuePair<string, object?>("kind", Telemetry.KindOf(stanza)));
        return sent;
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
    private static async Task<Iq> AnswerAfterAsync(ValueTask sent, Task<Iq> answer)
    {
        await sent.ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    /// <summary>Reads until the stream ends, and the session with it.</summary>
    /// <returns>Why it ended; <see langword="null"/> when the server closed its stream.</returns>
    public async Task<XmppException?> ReadAsync(Link link)
    {
        XmppException? reason = null;
        try
        {
            while (await link.Transport.ReceiveAsync(link.Cut).ConfigureAwait(false) is { } element)
            {
                _lastReceived = _options.TimeProvider.GetTimestamp();
                if (element.Name == StreamError.Name && StreamError.Read(element) is { } error)
                {
                    throw new XmppStreamException(error);
                }

                var taken = TakeAsync(element, link.Cut);
                if (!taken.IsCompletedSuccessfully)
                {
                    await WaitAsync(taken).ConfigureAwait(false);
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
            Lose(reason);
        }

        return reason;
    }

    private async ValueTask WaitAsync(ValueTask taken)
    {
        _waitsForRoom = true;
        try
        {
            await taken.ConfigureAwait(false);
        }
        finally
        {
            _lastReceived = _options.TimeProvider.GetTimestamp();
            _waitsForRoom = false;
        }
    }

    private ValueTask TakeAsync(XmppElement element, CancellationToken cancellationToken)
    {
        var stanza = (_reader ??= new StanzaReader()).Read(element, out var problem);
        if (stanza is null)
        {
            LogIgnored(problem);
            return ValueTask.CompletedTask;
        }

        Telemetry.StanzasIn.Add(1, new KeyValuePair<string, object?>("kind", Telemetry.KindOf(stanza)));
        switch (stanza)
        {
            case Message message when !Claimed(_modules.MessageHooks, message):
                return _inbox.AddAsync(new MessageReceived(message), cancellationToken);
            case Presence presence when !Claimed(_modules.PresenceHooks, presence):
                return _inbox.AddAsync(new PresenceReceived(presence), cancellationToken);
            case Iq { IsRequest: true } request:
                return AnswerAsync(request, cancellationToken);
            case Iq answer when !Requests.TryComplete(answer, BoundJid!):
                LogStrayAnswer(answer.Id);
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
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

        var handled = HandleAsync(route, request, cancellationToken);
        if (handled.IsCompleted)
        {
            return new ValueTask(handled);
        }

        var finished = FinishAsync(handled);
        return Volatile.Read(ref _runningHandlers) < MostRunningHandlers
            ? ValueTask.CompletedTask : new ValueTask(finished.WaitAsync(cancellationToken));
    }

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
            await SendAsync(request.Reply(payload), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or ArgumentException or OperationCanceledException)
        {
            LogReplyFailed(e);
        }
    }

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

    [LoggerMessage(EventId = 25, Level = LogLevel.Error, Message = "The module {Module} failed at the end of the session")]
    private partial void LogEndFailed(string? module, Exception exception);
}
