namespace XmppChatClient.Testing;

/// <summary>How the server archives messages (XEP-0313 v1.1.3).</summary>
public sealed record ArchiveOptions
{
    /// <summary>Whether there are archives at all. Default <see langword="true"/>.</summary>
    public bool Offer { get; init; } = true;

    /// <summary>What accounts archive until they set it themselves. Default <see cref="ArchivePolicy.Always"/>.</summary>
    public ArchivePolicy Default { get; init; } = ArchivePolicy.Always;

    /// <summary>The most messages in one answer, whatever is asked for. Default 50. Who names no number gets 20 at most.</summary>
    public int PageSize { get; init; } = 50;
}
