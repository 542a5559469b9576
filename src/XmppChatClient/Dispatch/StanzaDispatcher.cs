using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using XmppChatClient.Hosting;

namespace XmppChatClient.Dispatch;

/// <summary>Takes a client's events to the user's handlers.</summary>
internal sealed partial class StanzaDispatcher : IDisposable
{
    private readonly XmppClient _client;
    private readonly IServiceScopeFactory _scopes;
    private readonly XmppRegistration _registration;
    private readonly DispatchOptions _options;
    private readonly ILogger _logger;
    private readonly KeyedDispatcher<XmppEvent> _stanzas;

    // Apart, so that no message handler holds up the news of a session.
    private readonly KeyedDispatcher<XmppEvent> _news;
    private readonly OwnOccupants _occupants;
    private readonly ReplyChain _replies;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _finished = new();

    // Kept, since handlers that nothing could stop ask for them after the sources are gone.
    private readonly CancellationToken _untilStopped;
    private readonly CancellationToken _untilFinished;
    private volatile bool _draining;

    public StanzaDispatcher(
        XmppClient client, IServiceScopeFactory scopes, XmppRegistration registration, DispatchOptions options, ILogger logger)
    {
        _client = client;
        _scopes = scopes;
        _registration = registration;
        _options = options;
        _logger = logger;
        _occupants = new OwnOccupants(client);
        _replies = new ReplyChain(options.ReplyChain, logger);
        _untilStopped = _stopping.Token;
        _untilFinished = _finished.Token;
        _stanzas = new KeyedDispatcher<XmppEvent>(options.Concurrency, options.Capacity, HandleStanzaAsync);
        _news = new KeyedDispatcher<XmppEvent>(1, options.Capacity, HandleNewsAsync);
    }

    /// <summary>How the last session ended.</summary>
    public SessionEnded? LastEnd { get; private set; }

    /// <summary>Hands out events until there are no more.</summary>
    public async Task RunAsync()
    {
        await foreach (var next in _client.ReadEventsAsync().ConfigureAwait(false))
        {
            switch (next)
            {
                case MessageReceived { Message: { Type: MessageType.Error } message }:
                    LogErrorMessage(message.From, message.Error);
                    next.MarkHandled();
                    break;
                case MessageReceived { Message: var message } when IsOwnEcho(message):
                    next.MarkHandled();
                    break;
                case MessageReceived { Message: var message }:
                    await PostAsync(message.From, next).ConfigureAwait(false);
                    break;
                case CopyReceived copy:
                    await PostAsync(copy.Peer, next).ConfigureAwait(false);
                    break;
                case PresenceReceived { Presence: var presence }:
                    _occupants.Learn(presence);
                    await PostAsync(presence.From, next).ConfigureAwait(false);
                    break;
                default:
                    LastEnd = next as SessionEnded ?? LastEnd;
                    if (next is SessionEnded { MayResume: false } or SessionStarted { Resumed: false })
                    {
                        _occupants.Clear();
                    }

                    await _news.PostAsync("", next, CancellationToken.None).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Begins nothing new but the news of the session's end, gives handlers their time to finish, and then cancels
    /// them.</summary>
    public async Task DrainAsync()
    {
        _draining = true;
        await WaitAsync(Task.WhenAll(_stanzas.WhenIdleAsync(), _news.WhenIdleAsync())).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Gives those who are told of the session's end their time to finish, and then cancels them.</summary>
    public async Task FinishAsync()
    {
        await WaitAsync(_news.WhenIdleAsync()).ConfigureAwait(false);
        await _finished.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _finished.Dispose();
    }

    private async Task WaitAsync(Task idle)
    {
        try
        {
            await idle.WaitAsync(_options.StopTimeout, _client.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogHandlersCancelled(_options.StopTimeout.TotalSeconds);
        }
    }

    // Where handlers hang there may be no room for long: the stop must not wait for it.
    private async ValueTask PostAsync(Jid? from, XmppEvent next)
    {
        if (_draining)
        {
            return;
        }

        try
        {
            await _stanzas.PostAsync(from?.Bare.ToString() ?? "", next, _untilStopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_untilStopped.IsCancellationRequested)
        {
        }
    }

    // What we send to our own account or to a room comes back to us: answering it would go on for ever.
    private bool IsOwnEcho(Message message) => message.From is not { } from
        || (_client.IsComponent ? from.Bare == message.To?.Bare : from == _client.Jid)
        || _occupants.HaveSent(message);

    // What a stop has kept from its handlers is left for the server to deliver again.
    private async Task HandleStanzaAsync(XmppEvent next)
    {
        await HandleAsync(_registration.MessageHandlers, next, _untilStopped).ConfigureAwait(false);
        if (_untilStopped.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await next.MarkHandledAsync().ConfigureAwait(false);
        }
        catch (XmppStoreException)
        {
            // The client ends of it, and says so.
        }
    }

    private Task HandleNewsAsync(XmppEvent next) => HandleAsync(
        _registration.SessionHandlers, next, next is SessionEnded ? _untilFinished : _untilStopped);

    private async Task HandleAsync(List<Type> handlers, XmppEvent next, CancellationToken cancellationToken)
    {
        foreach (var type in handlers)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await HandleAsync(type, next, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                HandlerTelemetry.Failures.Add(1, HandlerTelemetry.TagOf(type));
                LogHandlerFailed(type.Name, e);
                await ReportFailureAsync(next).ConfigureAwait(false);
            }
        }
    }

    private async Task HandleAsync(Type type, XmppEvent next, CancellationToken cancellationToken)
    {
        using var activity = next is MessageReceived
            ? HandlerTelemetry.Activities.StartActivity("xmpp.message", ActivityKind.Consumer)
            : null;
        var start = _client.TimeProvider.GetTimestamp();
        try
        {
            var scope = _scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                await CallAsync(scope.ServiceProvider, type, next, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
        finally
        {
            HandlerTelemetry.Duration.Record(
                _client.TimeProvider.GetElapsedTime(start).TotalSeconds, HandlerTelemetry.TagOf(type));
        }
    }

    private ValueTask CallAsync(IServiceProvider services, Type type, XmppEvent next, CancellationToken cancellationToken)
    {
        var handler = services.GetRequiredService(type);
        return next switch
        {
            MessageReceived { Message: var message } => ((IMessageHandler)handler).HandleMessageAsync(
                new MessageContext(_client, message, services) { Chain = _replies }, cancellationToken),
            CopyReceived copy => ((IMessageHandler)handler).HandleCopyAsync(
                new CopyContext(_client, copy, services), cancellationToken),
            PresenceReceived { Presence: var presence } => ((IMessageHandler)handler).HandlePresenceAsync(
                new PresenceContext(_client, presence, services), cancellationToken),
            SessionStarted started => ((ISessionHandler)handler).HandleStartedAsync(_client, started, cancellationToken),
            SessionEnded ended => ((ISessionHandler)handler).HandleEndedAsync(_client, ended, cancellationToken),
            _ => ValueTask.CompletedTask,
        };
    }

    // A note that somebody is typing, and what RFC 6121 §5.2.2 expects no reply to, deserve no apology.
    private async Task ReportFailureAsync(XmppEvent next)
    {
        if (_options.FailureReply is not { } text
            || next is not MessageReceived { Message: { Body: not null, Type: not MessageType.Headline } message })
        {
            return;
        }

        try
        {
            await _replies.ReplyAsync(_client, message, text, _untilStopped).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            LogReplyFailed(e);
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Error, Message = "{Handler} failed")]
    private partial void LogHandlerFailed(string handler, Exception exception);

    [LoggerMessage(EventId = 41, Level = LogLevel.Information, Message = "A message of ours to {Jid} failed: {Error}")]
    private partial void LogErrorMessage(Jid? jid, Stanzas.StanzaError? error);

    [LoggerMessage(EventId = 42, Level = LogLevel.Warning, Message = "Handlers did not finish within {Seconds:0.#} s and are cancelled")]
    private partial void LogHandlersCancelled(double seconds);

    [LoggerMessage(EventId = 43, Level = LogLevel.Debug, Message = "The sender could not be told of the failure")]
    private partial void LogReplyFailed(Exception exception);
}
