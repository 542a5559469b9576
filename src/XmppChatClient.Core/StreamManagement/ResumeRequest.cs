namespace XmppChatClient.StreamManagement;

/// <summary>A session that may go on over a new stream.</summary>
/// <param name="Id">The server's name for it.</param>
/// <param name="Handled">How many of its stanzas we have handled.</param>
/// <param name="Jid">The full address that is bound in it.</param>
internal sealed record ResumeRequest(string Id, uint Handled, Jid Jid);
