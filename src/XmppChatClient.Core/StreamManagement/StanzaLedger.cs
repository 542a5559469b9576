namespace XmppChatClient.StreamManagement;

/// <summary>What goes out in one session and is not acknowledged yet (XEP-0198 §4), in order: first what is written, then what
/// waits for a connection. Counts go from 2³²-1 to 0.</summary>
/// <param name="start">Where the count begins: 0, but for a session that an earlier process has begun.</param>
/// <param name="acknowledged">Called for each stanza that the server acknowledges.</param>
internal sealed class StanzaLedger(uint start = 0, Action<SendReceipt>? acknowledged = null)
{
    private readonly Queue<SendReceipt> _receipts = new();
    private uint _acknowledged = start;

    /// <summary>How many stanzas are in it.</summary>
    public int Count => _receipts.Count;

    /// <summary>How many of them are written.</summary>
    public int Written { get; private set; }

    /// <summary>How many were written in all.</summary>
    public uint Sent => unchecked(_acknowledged + (uint)Written);

    /// <summary>The count of the last one in it, when it is written.</summary>
    public uint Last => unchecked(_acknowledged + (uint)Count);

    public IReadOnlyCollection<SendReceipt> Receipts => _receipts;

    public void AddWritten(SendReceipt receipt)
    {
        if (Written != Count)
        {
            throw new InvalidOperationException("What waits for a connection is written first.");
        }

        _receipts.Enqueue(receipt);
        Written++;
    }

    public void AddWaiting(SendReceipt receipt) => _receipts.Enqueue(receipt);

    /// <summary>Everything in it is written, once more or for the first time.</summary>
    public void AllWritten() => Written = Count;

    /// <summary>Takes out what the server has handled.</summary>
    /// <returns><see langword="false"/>, and nothing is taken out, when its count cannot be: more than was written, or less
    /// than it said before.</returns>
    public bool TryAcknowledge(uint handled)
    {
        var count = unchecked(handled - _acknowledged);
        if (count > (uint)Written)
        {
            return false;
        }

        _acknowledged = handled;
        Written -= (int)count;
        for (; count > 0; count--)
        {
            var receipt = _receipts.Dequeue();
            receipt.Acknowledge();
            acknowledged?.Invoke(receipt);
        }

        return true;
    }
}
