namespace XmppChatClient.CatchUp;

/// <summary>The ids of an archive that were added last.</summary>
/// <param name="most">How many of them.</param>
internal sealed class RecentIds(int most)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public bool Contains(string id) => _ids.Contains(id);

    public void Add(string id)
    {
        if (!_ids.Add(id))
        {
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > most)
        {
            _ids.Remove(_order.Dequeue());
        }
    }
}
