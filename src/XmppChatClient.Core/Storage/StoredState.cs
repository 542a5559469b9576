namespace XmppChatClient.Storage;

/// <summary>All that a store holds.</summary>
public sealed record StoredState
{
    /// <summary>The session that may be resumed, if there is one.</summary>
    public StoredSession? Session { get; init; }

    /// <summary>What is to be sent, by number.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

    /// <summary>What came last, by number: all that is not handled, and at least the last 10,000.</summary>
    public IReadOnlyList<StoredArrival> Arrivals { get; init; } = [];

    /// <summary>The notes of modules, by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();
}
