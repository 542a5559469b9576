namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>Which certificate a server shows: the right one, or one of those a client must refuse.</summary>
public enum ServerCertificate
{
    Server,
    WrongHost,
    Expired,
    SelfSigned,
}
