using XmppChatClient.Testing.Accounts;

namespace XmppChatClient.Testing.Login;

/// <summary>The client is logged in, and told this with it.</summary>
internal sealed record SaslSuccess(ServerAccount Account, byte[]? Data = null) : SaslStep;
