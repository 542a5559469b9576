using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace XmppChatClient.Dispatch;

/// <summary>Takes a client's events to the user's handlers.</summary>
internal sealed partial class StanzaDispatcher : IDisposable
{
    private const string SessionKey = "";

    private readonly XmppClient _client;
    private readonly IServiceScopeFactory _scopes;
    private readonly IReadOnlyList<Type> _handlers;
    private readonly DispatchOptions _options;
    private readonly ILogger _logger;
    private readonly KeyedDispatcher<XmppEvent> _dispatcher;
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _draining;

    public StanzaDispatcher(
        XmppClient client, IServiceScopeFactory scopes, IReadOnlyList<Type> handlers, DispatchOptions options, ILogger logger)
    {
        _client = client;
        _scopes = scopes;
        _handlers = handlers;
        _options = options;
        _logger = logger;
        _dispatcher = new KeyedDispatcher<XmppEvent>(options.Concurrency, options.Capacity, HandleAsync);
    }

    /// <summary>Hands out events until there are no more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var next in _client.ReadEventsAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (next)
            {
                case MessageReceived { Message.Type: MessageType.Error } error:
                    LogErrorMessage(error.Message.From, error.Message.Error);
                    break;
                case MessageReceived { Message: var message } when _draining || IsOwnEcho(message):
                case PresenceReceived when _draining:
                    break;
                default:
                    await _dispatcher.PostAsync(KeyOf(next), next, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Begins nothing new but the news of the session's end, gives running handlers their time to finish, and then
    /// cancels them.</summary>
    public async Task DrainAsync()
    {
        _draining = true;
        using var limit = new CancellationTokenSource(_options.StopTimeout);
        try
        {
            await _dispatcher.WhenIdleAsync().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogHandlersCancelled(_options.StopTimeout.TotalSeconds);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _dispatcher.Dispose();
    }

    private static string KeyOf(XmppEvent next) => next switch
    {
        MessageReceived received => received.Message.From?.Bare.ToString() ?? SessionKey,
        PresenceReceived received => received.Presence.From?.Bare.ToString() ?? SessionKey,
        _ => SessionKey,
    };

    // What we send to our own account comes back to us: answering it would go on for ever.
    private bool IsOwnEcho(Message message) => message.From is null || message.From == _client.Jid;

    private async Task HandleAsync(XmppEvent next)
    {
        foreach (var type in _handlers)
        {
            try
            {
                await HandleAsync(type, next).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                HandlerTelemetry.Failures.Add(1);
                LogHandlerFailed(type.Name, e);
                await ReportFailureAsync(next).ConfigureAwait(false);
            }
        }
    }

    private async Task HandleAsync(Type type, XmppEvent next)
    {
        using var activity = next is MessageReceived
            ? HandlerTelemetry.Activities.StartActivity("xmpp.message", ActivityKind.Consumer)
            : null;
        var start = Stopwatch.GetTimestamp();
        var scope = _scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var services = scope.ServiceProvider;
            var handler = services.GetRequiredService(type);
            switch (next)
            {
                case MessageReceived { Message: var message } when handler is IMessageHandler messages:
                    await messages.HandleMessageAsync(new MessageContext(_client, message, services), _stopping.Token)
                        .ConfigureAwait(false);
                    break;
                case PresenceReceived { Presence: var presence } when handler is IMessageHandler presences:
                    await presences.HandlePresenceAsync(new PresenceContext(_client, presence, services), _stopping.Token)
                        .ConfigureAwait(false);
                    break;
                case SessionStarted started when handler is ISessionHandler sessions:
                    await sessions.HandleStartedAsync(_client, started, CancellationToken.None).ConfigureAwait(false);
                    break;
                case SessionEnded ended when handler is ISessionHandler sessions:
                    await sessions.HandleEndedAsync(_client, ended, CancellationToken.None).ConfigureAwait(false);
                    break;
            }
        }

        HandlerTelemetry.Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private async Task ReportFailureAsync(XmppEvent next)
    {
        if (_options.FailureReply is not { } text || next is not MessageReceived { Message: var message })
        {
            return;
        }

        try
        {
            await _client.ReplyAsync(message, text, _stopping.Token).ConfigureAwait(false);
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
