namespace XmppChatClient.Testing.Login;

/// <summary>The client is to answer this.</summary>
internal sealed record SaslChallenge(byte[] Data) : SaslStep;
