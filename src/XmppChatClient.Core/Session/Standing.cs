namespace XmppChatClient.Session;

/// <summary>Where a client stands, since when it has been online or not, and why it last was not.</summary>
internal sealed record Standing(SessionState State, DateTimeOffset Since, XmppException? LastError)
{
    public Standing Enter(SessionState state, XmppException? error, DateTimeOffset now) => new(
        state,
        (state == SessionState.Online) == (State == SessionState.Online) ? Since : now,
        error ?? LastError);
}
