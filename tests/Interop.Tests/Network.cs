namespace XmppChatClient.Interop.Tests;

/// <summary>What carries a client's TCP connections.</summary>
public enum Network
{
    Sockets,
    DotNetty,
}
