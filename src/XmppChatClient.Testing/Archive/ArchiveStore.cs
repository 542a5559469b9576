namespace XmppChatClient.Testing.Archive;

/// <summary>All archives by the bare address of the account or room that they belong to. Under the gate.</summary>
internal sealed class ArchiveStore(int capacity)
{
    private readonly Dictionary<Jid, MessageArchive> _archives = [];

    /// <summary>The archive of an account or room, empty at first.</summary>
    public MessageArchive Of(Jid owner)
    {
        if (!_archives.TryGetValue(owner, out var archive))
        {
            archive = new MessageArchive(capacity);
            _archives.Add(owner, archive);
        }

        return archive;
    }

    /// <summary>An account or room is gone, and its archive with it.</summary>
    public void Remove(Jid owner) => _archives.Remove(owner);
}
