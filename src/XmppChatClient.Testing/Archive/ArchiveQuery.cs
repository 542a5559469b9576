namespace XmppChatClient.Testing.Archive;

/// <summary>What is asked of an archive (XEP-0313 §4), as a form and as a page of it (XEP-0059).</summary>
internal sealed record ArchiveQuery
{
    /// <summary>Without a resource it stands for all of them.</summary>
    public Jid? With { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    public string? AfterId { get; init; }

    public string? BeforeId { get; init; }

    /// <summary>Null for all.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>How many at most.</summary>
    public required int Max { get; init; }

    /// <summary>The page after this id.</summary>
    public string? PageAfter { get; init; }

    /// <summary>The page before this id; empty for the last page.</summary>
    public string? PageBefore { get; init; }

    /// <summary>Whether the page comes last message first.</summary>
    public bool IsFlipped { get; init; }
}
