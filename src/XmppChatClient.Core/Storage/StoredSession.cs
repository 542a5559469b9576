namespace XmppChatClient.Storage;

/// <summary>A session that may be resumed (XEP-0198 v1.6.3 §5).</summary>
/// <param name="ResumeId">The server's name for it. Who has it and the password can take the session over.</param>
/// <param name="Jid">The full address that is bound in it.</param>
/// <param name="Location">Where the server would like it to be resumed; <see langword="null"/> for no wish.</param>
/// <param name="Handled">How many of the server's stanzas are dealt with.</param>
public sealed record StoredSession(string ResumeId, Jid Jid, string? Location, uint Handled);
