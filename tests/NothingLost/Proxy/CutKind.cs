namespace XmppChatClient.NothingLost.Proxy;

/// <summary>What both ends see of a connection that is cut.</summary>
public enum CutKind
{
    /// <summary>An error: TCP's RST. What was under way may be lost with it.</summary>
    Reset,

    /// <summary>An end in good order of TCP, though not of XMPP: FIN. What was let through before it arrives.</summary>
    Finish,
}
