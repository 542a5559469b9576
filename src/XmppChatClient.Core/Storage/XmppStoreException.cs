namespace XmppChatClient;

/// <summary>What must not be forgotten cannot be kept, or what was kept cannot be read. A client does not go on without its
/// store.</summary>
public sealed class XmppStoreException(string message, Exception? innerException = null)
    : XmppException(message, innerException);
