namespace XmppChatClient.Testing.Rooms;

/// <summary>Requests between occupants that wait for their answer. Each goes on under an id made here, so that the answer finds
/// its way back and nobody learns anything from the id. Under the gate.</summary>
internal sealed class RelayedRequests
{
    // Who never answers must not fill the memory: the oldest are forgotten.
    private const int MostWaiting = 1_000;

    private readonly Dictionary<string, (Jid Asker, Jid Asked, string Id)> _waiting = [];
    private readonly Queue<string> _order = new();

    public string Add(Jid asker, Jid asked, string id)
    {
        var relayed = $"relay-{Guid.NewGuid():N}";
        _waiting.Add(relayed, (asker, asked, id));
        _order.Enqueue(relayed);
        while (_order.Count > MostWaiting)
        {
            _waiting.Remove(_order.Dequeue());
        }

        return relayed;
    }

    /// <summary>Takes the request that somebody answers, once.</summary>
    public bool TryTake(string? relayed, Jid answerer, out Jid asker, out string id)
    {
        if (relayed is not null && _waiting.TryGetValue(relayed, out var request) && request.Asked == answerer)
        {
            _waiting.Remove(relayed);
            (asker, id) = (request.Asker, request.Id);
            return true;
        }

        (asker, id) = (answerer, "");
        return false;
    }
}
