namespace XmppChatClient.Negotiation;

/// <summary>The server took no token, and then not the password either. What it made of the stream by then it may not make of another:
/// Prosody's module goes on with fewer channel bindings than it has announced.</summary>
internal sealed class TokenRefusedException(XmppException then) : XmppException(then.Message, then)
{
    public override bool IsTransient => true;
}
