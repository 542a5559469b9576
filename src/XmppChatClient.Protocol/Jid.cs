namespace XmppChatClient;

// Stands in until the address itself arrives.
public sealed class Jid
{
}
