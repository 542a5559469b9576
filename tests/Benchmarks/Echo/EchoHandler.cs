using XmppChatClient;

namespace Benchmarks.Echo;

/// <summary>What EchoBot's handler does.</summary>
internal sealed class EchoHandler(EchoTally tally) : IMessageHandler, ISessionHandler
{
    public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is { Type: MessageType.Chat or MessageType.Normal, Body: { } body })
        {
            tally.Handled();
            await context.ReplyAsync(body, cancellationToken);
        }
    }

    public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        tally.Online();
        Console.WriteLine("READY");
        return ValueTask.CompletedTask;
    }
}
