using XmppChatClient.Xml;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>What was counted and sent on one stream (XEP-0198 §4). Both counts go from 2³²-1 to 0.</summary>
/// <param name="capacity">How many stanzas may wait to be acknowledged.</param>
/// <param name="start">Where both counts begin: 0, but for a test of what follows 2³²-1.</param>
internal sealed class AckLedger(int capacity, uint start = 0)
{
    private readonly Queue<SentStanza> _unacknowledged = new();

    /// <summary>How many stanzas came.</summary>
    public uint Handled { get; private set; } = start;

    /// <summary>How many stanzas went.</summary>
    public uint Sent { get; private set; } = start;

    /// <summary>What went and is not acknowledged, in order.</summary>
    public IReadOnlyCollection<SentStanza> Unacknowledged => _unacknowledged;

    public void Receive() => Handled = unchecked(Handled + 1);

    /// <returns>Whether there was room.</returns>
    public bool TrySend(XmppElement stanza, DateTimeOffset at)
    {
        if (_unacknowledged.Count >= capacity)
        {
            return false;
        }

        Sent = unchecked(Sent + 1);
        _unacknowledged.Enqueue(new SentStanza(stanza, at));
        return true;
    }

    /// <summary>Forgets what the client has handled; nothing when its count cannot be.</summary>
    public Acknowledgement Acknowledge(uint handled)
    {
        var left = unchecked(Sent - handled);
        if (left <= (uint)_unacknowledged.Count)
        {
            while (_unacknowledged.Count > left)
            {
                _unacknowledged.Dequeue();
            }

            return Acknowledgement.Taken;
        }

        // Half of all numbers lie before what was sent, the others behind it.
        return left > int.MaxValue ? Acknowledgement.TooHigh : Acknowledgement.TooLow;
    }
}
