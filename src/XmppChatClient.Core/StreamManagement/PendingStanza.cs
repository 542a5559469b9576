namespace XmppChatClient.StreamManagement;

/// <summary>A stanza that is not dealt with before its handlers are done.</summary>
internal sealed class PendingStanza(ReceivedStanzas received, ulong number)
{
    public void Handle() => received.Handle(number);
}
