namespace XmppChatClient.Contracts;

/// <summary>Answers with who was asked, and what.</summary>
internal sealed class Riddler(Heard heard) : IMessageHandler, ISessionHandler
{
    public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        heard.Add(context.Message);
        if (context.Message is { Body: { } body, Type: MessageType.Chat or MessageType.Groupchat })
        {
            await context.ReplyAsync($"{context.Message.To}: {body}", cancellationToken);
        }
    }

    public ValueTask HandlePresenceAsync(PresenceContext context, CancellationToken cancellationToken)
    {
        heard.Add(context.Presence);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        heard.Add(session);
        return ValueTask.CompletedTask;
    }
}
