namespace XmppChatClient.StreamManagement;

/// <summary>A stanza that somebody waits for its handlers to deal with.</summary>
internal abstract class PendingStanza
{
    /// <summary>Whether it may be handed out.</summary>
    public virtual bool IsReady => true;

    /// <summary>Whether it is in a store, so that it is not to come again.</summary>
    public virtual bool IsStored => false;

    /// <summary>It is dealt with. Once more is no harm. Ends when that is kept where it must be.</summary>
    public abstract Task HandleAsync();
}
