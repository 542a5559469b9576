namespace XmppChatClient.Contracts;

/// <summary>What carries a client's session.</summary>
public enum Network
{
    Sockets,
    DotNetty,
    WebSocket,
    Bosh,
}
