namespace XmppChatClient.Testing.Login;

/// <summary>What the server answers.</summary>
internal abstract record SaslStep;
