namespace XmppChatClient.Testing.Routing;

internal enum StanzaKind
{
    Message,
    Presence,
    Iq,
}
