namespace XmppChatClient;

/// <summary>A bot's code. Made anew for each message or presence, in a dependency-injection scope of its own, unless it is
/// registered otherwise.</summary>
/// <remarks>Messages and presence of one conversation (one bare JID) come one after the other; those of different
/// conversations side by side. What a handler throws is logged and counted and ends nothing else.</remarks>
public interface IMessageHandler
{
    /// <summary>A message came. Errors and our own messages reflected by a room are not handed to it, so that a bot that
    /// answers everything answers nobody for ever.</summary>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken);

    /// <summary>The server has copied to us a message that another client of our account has sent or got, as
    /// <see cref="Carbons.CarbonsModule"/> asks for: whoever got it answers it. Default: nothing.</summary>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask HandleCopyAsync(CopyContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A presence came, or a subscription request that no policy decided. Default: nothing.</summary>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask HandlePresenceAsync(PresenceContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
