namespace XmppChatClient.Negotiation;

/// <summary>A login with a token that was begun together with the stream.</summary>
internal sealed record EarlyLogin(FastAttempt Attempt, InlineRequest Inline);
