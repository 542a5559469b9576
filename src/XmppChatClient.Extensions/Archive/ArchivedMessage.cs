namespace XmppChatClient.Archive;

/// <summary>A message out of an archive.</summary>
/// <param name="Id">Its id there: the same as in the stanza-id that it came with when it was new.</param>
/// <param name="Message">As the archive has it, to us or from us.</param>
/// <param name="At">When the archive got it, by the server's clock; <see langword="null"/> when it does not say.</param>
public sealed record ArchivedMessage(string Id, Message Message, DateTimeOffset? At);
