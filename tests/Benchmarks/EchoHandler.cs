using XmppChatClient;

namespace Benchmarks;

/// <summary>What EchoBot's handler does.</summary>
internal sealed class EchoHandler : IMessageHandler, ISessionHandler
{
    public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is { Type: MessageType.Chat or MessageType.Normal, Body: { } body })
        {
            await context.ReplyAsync(body, cancellationToken);
        }
    }

    public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        Console.WriteLine("READY");
        return ValueTask.CompletedTask;
    }
}
