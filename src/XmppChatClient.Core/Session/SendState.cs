namespace XmppChatClient;

/// <summary>What is known of something that was sent.</summary>
public enum SendState
{
    /// <summary>It is on its way: written, or kept for the next connection.</summary>
    Sent,

    /// <summary>The server has it, and is responsible for it now (XEP-0198).</summary>
    Acknowledged,

    /// <summary>It did not arrive, or nobody can say whether it did; <see cref="SendReceipt.Error"/> says why.</summary>
    Lost,

    /// <summary>The server has no stream management, so nothing tells.</summary>
    Unknown,

    /// <summary>A client of the receiver says that it has it (XEP-0184), as <see cref="SendReceipt.DeliveredAsync"/> waits for.
    /// </summary>
    Delivered,
}
