using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>A session whose client has enabled stream management. Under the gate.</summary>
/// <param name="id">What the client resumes by; null when it cannot.</param>
/// <param name="resumptionTime">How long the session lives on without a connection.</param>
internal sealed class ManagedStream(ServerSession session, AckLedger ledger, string? id, TimeSpan resumptionTime)
{
    private ITimer? _timer;
    private int _waits;

    public ServerSession Session => session;

    public AckLedger Ledger => ledger;

    public string? Id => id;

    /// <summary>The count of sent stanzas at the last request for an acknowledgement, while there is no answer.</summary>
    public uint? Requested { get; set; }

    /// <summary>Whether its queue ran over, after which it is of no use.</summary>
    public bool IsOverfull { get; set; }

    /// <summary>Has something done unless the wait for a connection ends before.</summary>
    /// <param name="expired">Called on any thread, with the number of the wait.</param>
    public void Wait(TimeProvider clock, Action<ManagedStream, int> expired)
    {
        var wait = ++_waits;
        _timer = clock.CreateTimer(_ => expired(this, wait), null, resumptionTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether that wait still goes on: a timer may have been late for its end.</summary>
    public bool IsWaiting(int wait) => _timer is not null && wait == _waits;

    public void EndWait()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
