namespace XmppChatClient.Storage;

/// <summary>Keeps what a client must not forget when its process ends: what was accepted for sending, what came and is not
/// handled, the session, and what modules note. Of one account, and used by one client at a time, which opens it, writes and
/// closes it in that order and never does two of these at once.</summary>
public interface IXmppStore
{
    /// <summary>Takes hold of the store, and reads what an earlier client left.</summary>
    /// <param name="account">The bare address of the account.</param>
    /// <exception cref="XmppStoreException">It cannot be read, belongs to another account, or is in use.</exception>
    ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken);

    /// <summary>Makes changes in their order, all of them or none. When it returns they are kept.</summary>
    /// <exception cref="XmppStoreException">They cannot be kept. The client then ends.</exception>
    ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken);

    /// <summary>Lets go of the store.</summary>
    ValueTask CloseAsync();
}
