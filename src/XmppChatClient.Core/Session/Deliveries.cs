using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient.Session;

/// <summary>Messages on their way that asked for a receipt, by whom they went to and their ids. Many are never answered, so the
/// oldest give way to new ones. Any thread.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a register, not a collection.")]
internal sealed class Deliveries
{
    public const int Most = 10_000;

    private readonly Lock _gate = new();

    // Only once there are any. The queue has those too that are settled by now.
    private Dictionary<(Jid Peer, string Id), Delivery>? _open;
    private Queue<Delivery>? _order;

    /// <summary>A message is about to be sent.</summary>
    /// <param name="isNew"><see langword="false"/> when one of that id is on its way to the same address already: one receipt is
    /// for both.</param>
    public Delivery Expect(Jid peer, string id, out bool isNew)
    {
        Delivery? forgotten = null;
        var delivery = new Delivery(peer, id);
        lock (_gate)
        {
            _open ??= [];
            _order ??= new Queue<Delivery>();
            if (_open.TryGetValue(delivery.Key, out var same))
            {
                isNew = false;
                return same;
            }

            if (_order.Count == Most)
            {
                var oldest = _order.Dequeue();
                forgotten = Remove(oldest.Key, oldest);
            }

            isNew = true;
            _open.Add(delivery.Key, delivery);
            _order.Enqueue(delivery);
        }

        forgotten?.Fail(new XmppException($"No receipt came for the message, and {Most} that ask for one were sent since."));
        return delivery;
    }

    /// <summary>It was not sent.</summary>
    public void Forget(Delivery delivery)
    {
        lock (_gate)
        {
            Remove(delivery.Key, delivery);
        }
    }

    /// <summary>Somebody says what became of a message.</summary>
    /// <returns><see langword="false"/> when none of that id to that address is on its way.</returns>
    public bool TrySettle(Jid peer, string id, XmppException? error)
    {
        Delivery? delivery;
        lock (_gate)
        {
            delivery = Remove((peer, id), expected: null);
        }

        if (error is null)
        {
            delivery?.Succeed();
        }
        else
        {
            delivery?.Fail(error);
        }

        return delivery is not null;
    }

    private Delivery? Remove((Jid Peer, string Id) key, Delivery? expected) =>
        _open is not null && _open.TryGetValue(key, out var found) && (expected is null || expected == found) && _open.Remove(key)
            ? found
            : null;
}
