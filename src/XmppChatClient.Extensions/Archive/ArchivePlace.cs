namespace XmppChatClient.Archive;

/// <summary>Where in an archive a message is.</summary>
/// <param name="Id">Its id there, to begin behind: <see cref="ArchiveQuery.Position"/>. Empty before the first message of an
/// archive that had none.</param>
/// <param name="At">When the archive got it, by the server's clock.</param>
public sealed record ArchivePlace(string Id, DateTimeOffset At);
