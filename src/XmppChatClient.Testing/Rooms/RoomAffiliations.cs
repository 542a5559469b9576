namespace XmppChatClient.Testing.Rooms;

/// <summary>Who has which affiliation with a room, by bare address. Under the gate.</summary>
internal sealed class RoomAffiliations
{
    private readonly Dictionary<Jid, Affiliation> _all = [];

    /// <summary>That of an address, bare or full. A domain's ban is everybody's there.</summary>
    public Affiliation Of(Jid jid) =>
        _all.TryGetValue(jid.Bare, out var affiliation) ? affiliation
        : jid.Local is not null && OfExactly(new Jid(null, jid.Domain, null)) == Affiliation.Outcast ? Affiliation.Outcast
        : Affiliation.None;

    /// <summary>That of the bare address alone.</summary>
    public Affiliation OfExactly(Jid bare) => _all.GetValueOrDefault(bare, Affiliation.None);

    public void Set(Jid bare, Affiliation affiliation)
    {
        if (affiliation == Affiliation.None)
        {
            _all.Remove(bare);
        }
        else
        {
            _all[bare] = affiliation;
        }
    }

    public IEnumerable<Jid> With(Affiliation affiliation) => _all.Where(p => p.Value == affiliation).Select(p => p.Key);
}
