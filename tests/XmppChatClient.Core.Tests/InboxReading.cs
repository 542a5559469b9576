using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

internal static class InboxReading
{
    /// <summary>The next event; <see langword="null"/> when there will be no more.</summary>
    public static async ValueTask<XmppEvent?> ReadAsync(this Inbox inbox, CancellationToken cancellationToken)
    {
        while (await inbox.ArrivalAsync(cancellationToken))
        {
            if (inbox.TryRead(out var next))
            {
                return next;
            }
        }

        return null;
    }
}
