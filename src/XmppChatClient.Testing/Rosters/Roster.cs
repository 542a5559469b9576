namespace XmppChatClient.Testing.Rosters;

/// <summary>An account's contacts. Under the gate.</summary>
internal sealed class Roster
{
    private static readonly SortedDictionary<Jid, RosterEntry> Nobody = [];

    // Most accounts of a load test know nobody.
    private SortedDictionary<Jid, RosterEntry>? _entries;

    /// <summary>In the order of addresses; also those who are no items.</summary>
    public IReadOnlyCollection<RosterEntry> Entries => (_entries ?? Nobody).Values;

    public RosterEntry? Find(Jid jid) => _entries?.GetValueOrDefault(jid);

    public RosterEntry FindOrAdd(Jid jid)
    {
        _entries ??= [];
        if (!_entries.TryGetValue(jid, out var entry))
        {
            entry = new RosterEntry(jid);
            _entries.Add(jid, entry);
        }

        return entry;
    }

    public void Remove(Jid jid) => _entries?.Remove(jid);
}
