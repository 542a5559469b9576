using XmppChatClient.Dispatch;

namespace XmppChatClient;

/// <summary>One message and what to do with it.</summary>
/// <param name="client">The client it came to.</param>
/// <param name="message">The message.</param>
/// <param name="services">The services of this message's scope.</param>
public sealed class MessageContext(XmppClient client, Message message, IServiceProvider services)
{
    public XmppClient Client { get; } = client;

    public Message Message { get; } = message;

    /// <summary>The services of this message's scope.</summary>
    public IServiceProvider Services { get; } = services;

    internal ReplyChain? Chain { get; init; }

    /// <summary>Answers to the sender, or to the room. Does nothing when this is the last of so many automatic replies in a
    /// row as <see cref="DispatchOptions.ReplyChain"/> allows.</summary>
    /// <exception cref="XmppConnectionException">There is no session; nothing was sent.</exception>
    public ValueTask ReplyAsync(string body, CancellationToken cancellationToken = default)
    {
        var sent = TrackedReplyAsync(body, cancellationToken);
        if (!sent.IsCompletedSuccessfully)
        {
            return WaitAsync(sent);
        }

        _ = sent.Result;
        return ValueTask.CompletedTask;
    }

    /// <summary>As <see cref="ReplyAsync"/>, and tells what becomes of the answer.</summary>
    /// <returns><see langword="null"/> when no answer was sent.</returns>
    public ValueTask<SendReceipt?> TrackedReplyAsync(string body, CancellationToken cancellationToken = default) =>
        Chain?.ReplyAsync(Client, Message, body, cancellationToken)
            ?? Client.ReplyAsync(Message, body, cancellationToken)!;

    private static async ValueTask WaitAsync(ValueTask<SendReceipt?> sent) => await sent.ConfigureAwait(false);
}
