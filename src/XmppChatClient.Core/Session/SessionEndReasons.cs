namespace XmppChatClient.Session;

internal static class SessionEndReasons
{
    public static SessionEndReason Of(XmppException? error) => error switch
    {
        null => SessionEndReason.ClosedByServer,
        XmppStreamException => SessionEndReason.StreamError,
        XmppTimeoutException => SessionEndReason.TimedOut,
        XmppAuthenticationException => SessionEndReason.AuthenticationFailed,
        XmppSecurityException => SessionEndReason.SecurityViolation,
        XmppProtocolException or XmppStanzaException => SessionEndReason.ProtocolViolation,
        _ => SessionEndReason.ConnectionLost,
    };
}
