namespace XmppChatClient.Negotiation;

/// <summary>The server took no token, and then not the password either; or it cannot do any more with a login that it was known for. What
/// it made of the stream by then it may not make of another, where no such login is begun: Prosody's module goes on with fewer channel
/// bindings than it has announced.</summary>
internal sealed class TokenRefusedException(XmppException then) : XmppException(then.Message, then)
{
    public override bool IsTransient => true;
}
