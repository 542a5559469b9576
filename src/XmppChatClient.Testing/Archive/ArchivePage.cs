namespace XmppChatClient.Testing.Archive;

/// <summary>A part of what a query asks for, the oldest first.</summary>
/// <param name="Count">How many messages fit the query, on whatever page.</param>
/// <param name="IsComplete">Whether there are no further pages in the direction that is asked for.</param>
internal sealed record ArchivePage(IReadOnlyList<ArchivedMessage> Messages, int Count, bool IsComplete);
