using Microsoft.Extensions.Logging;
using XmppChatClient;

namespace EchoBot;

internal sealed partial class EchoHandler(ILogger<EchoHandler> logger) : IMessageHandler, ISessionHandler
{
    public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is { Type: MessageType.Chat or MessageType.Normal, Body: { } body })
        {
            await context.ReplyAsync(body, cancellationToken);
        }
    }

    public ValueTask HandlePresenceAsync(PresenceContext context, CancellationToken cancellationToken)
    {
        LogPresence(context.Presence.From, context.Presence.Type);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleEndedAsync(XmppClient client, SessionEnded session, CancellationToken cancellationToken)
    {
        LogEnded(session.Reason);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Debug, "{Jid} is {Type}")]
    private partial void LogPresence(Jid? jid, PresenceType type);

    [LoggerMessage(LogLevel.Information, "The session ended: {Reason}")]
    private partial void LogEnded(SessionEndReason reason);
}
