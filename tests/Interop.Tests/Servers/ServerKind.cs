namespace XmppChatClient.Interop.Tests.Servers;

public enum ServerKind
{
    Prosody,
    Ejabberd,
}
