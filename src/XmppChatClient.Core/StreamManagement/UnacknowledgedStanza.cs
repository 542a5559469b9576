namespace XmppChatClient.StreamManagement;

/// <summary>A stanza that the server is not told of before its handlers are done.</summary>
internal sealed class UnacknowledgedStanza(ReceivedStanzas received, ulong number) : PendingStanza
{
    public override Task HandleAsync()
    {
        received.Handle(number);
        return Task.CompletedTask;
    }
}
