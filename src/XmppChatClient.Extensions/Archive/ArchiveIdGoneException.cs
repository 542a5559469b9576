namespace XmppChatClient.Archive;

/// <summary>The archive has no message of the id to begin behind: it was never there, or is too old by now. Read from a time
/// instead. Not every server says so: ejabberd takes ids for times, and begins behind that time.</summary>
/// <param name="id">The id that was given.</param>
public sealed class ArchiveIdGoneException(string id, XmppStanzaException innerException)
    : XmppException($"The archive has no message of the id {id}; read from a time instead.", innerException)
{
    /// <summary>What the archive does not have.</summary>
    public string Id { get; } = id;
}
