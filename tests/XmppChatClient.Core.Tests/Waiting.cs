namespace XmppChatClient.Core.Tests;

/// <summary>Bounds what a test waits for, so that a hang is a failure with a name.</summary>
internal static class Waiting
{
    public static Task Soon(this Task task) => task.WaitAsync(Hang.Limit, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Hang.Limit, TestContext.Current.CancellationToken);

    /// <summary>The body of the next message.</summary>
    public static async Task<string?> NextBodyAsync(this XmppClient client)
    {
        await foreach (var message in client.ReadMessagesAsync(TestContext.Current.CancellationToken))
        {
            return message.Body;
        }

        throw new InvalidOperationException("The client ended without a message.");
    }

    /// <summary>All events up to their end.</summary>
    public static async Task<List<XmppEvent>> ReadToEndAsync(this XmppClient client, List<XmppEvent>? events = null)
    {
        events ??= [];
        await foreach (var next in client.ReadEventsAsync(TestContext.Current.CancellationToken))
        {
            events.Add(next);
        }

        return events;
    }
}
