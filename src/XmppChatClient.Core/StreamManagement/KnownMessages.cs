namespace XmppChatClient.StreamManagement;

/// <summary>Messages of lost sessions that the server may deliver again: all of the last one, and of those before it the newest.
/// A server may have kept them for many sessions: it starts anew with those that the next one does not acknowledge.</summary>
internal sealed class KnownMessages
{
    private const int Most = 10_000;

    private readonly Dictionary<MessageKey, LinkedListNode<MessageKey>> _places = [];
    private readonly LinkedList<MessageKey> _order = [];

    /// <summary>A session is lost.</summary>
    /// <param name="redeliverable">Of it, the oldest first.</param>
    public void Add(IReadOnlyCollection<MessageKey> redeliverable)
    {
        foreach (var key in redeliverable)
        {
            Remove(key);
            _places.Add(key, _order.AddLast(key));
        }

        while (_order.Count > Math.Max(Most, redeliverable.Count))
        {
            Remove(_order.First!.Value);
        }
    }

    /// <summary>Whether that one came before.</summary>
    /// <remarks>ejabberd delivers some more than once more. A number may be that of another message by then.</remarks>
    public bool Contains(MessageKey key) => key.IsUnique ? _places.ContainsKey(key) : Remove(key);

    private bool Remove(MessageKey key)
    {
        if (!_places.Remove(key, out var place))
        {
            return false;
        }

        _order.Remove(place);
        return true;
    }
}
