using System.Collections.Immutable;

namespace XmppChatClient.Archive;

/// <summary>A part of what a query finds.</summary>
/// <param name="Messages">In the direction of reading. What the server has taken out of its archive, or what cannot be read, is
/// not among them.</param>
public sealed record ArchivePage(ImmutableArray<ArchivedMessage> Messages)
{
    /// <summary>What to put into <see cref="ArchiveQuery.Position"/> for the next page; <see langword="null"/> when there is
    /// nothing to go on from.</summary>
    public string? Next { get; init; }

    /// <summary>Whether there is no further page.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether the archive has settled: <see langword="false"/> when the server says that the same query may find other
    /// messages, or others in between, in a while.</summary>
    public bool IsStable { get; init; } = true;

    /// <summary>How many messages there are on all pages, perhaps roughly; <see langword="null"/> when the server does not
    /// count.</summary>
    public int? Count { get; init; }
}
