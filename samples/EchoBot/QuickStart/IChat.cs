using XmppChatClient;

namespace EchoBot.QuickStart;

/// <summary>You, talking to the bot.</summary>
internal interface IChat
{
    /// <summary>Talks until there is no more to say.</summary>
    /// <param name="you">Your client, connected.</param>
    /// <returns>Whether everything was said and answered.</returns>
    Task<bool> RunAsync(XmppClient you, CancellationToken cancellationToken);
}
