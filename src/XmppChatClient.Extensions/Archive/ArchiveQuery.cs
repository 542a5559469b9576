namespace XmppChatClient.Archive;

/// <summary>Which messages to read of an archive: all of our own account's, unless something here says less.</summary>
public sealed record ArchiveQuery
{
    internal const int LargestPage = 1_000;

    /// <summary>Whose archive: a room's address. Default <see langword="null"/>, our own account's.</summary>
    public Jid? Archive { get; init; }

    /// <summary>Only messages to and from this address; a bare one stands for all its resources. In a room's archive, where
    /// the server allows it, the sender's real address. Default everybody's.</summary>
    public Jid? With { get; init; }

    /// <summary>Only messages of this time and later, by the server's clock. Default from the beginning.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Only messages of this time and earlier, by the server's clock. Default to the end.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Begin right behind the message of this archive id, in the direction of reading. Default with the first message
    /// in that direction.</summary>
    public string? Position { get; init; }

    /// <summary>Whether to read backwards. Default <see langword="false"/>: the oldest message comes first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>How many messages to ask for at once, 1 to 1,000. Default 50. The server may send fewer. A page is held in
    /// memory, its messages being at most <see cref="LimitOptions.StanzaBytes"/> each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to something else.</exception>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestPage);
            field = value;
        }
    } = 50;
}
