namespace XmppChatClient.Rooms;

/// <summary>A room that we want to be in. Whoever changes it holds the lock of its <see cref="RoomKeeper"/>.</summary>
/// <param name="occupant">The room, and the name that is wanted there.</param>
internal sealed class RoomStay(Jid occupant, int? history, string? password)
{
    private const int MostNames = 4;

    // About twice as long each time. A room that is closed to us is asked for no more often than every few minutes.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private int _failures;
    private int _names;

    /// <summary>Who we would like to be there.</summary>
    public Jid Occupant => occupant;

    public Jid Room { get; } = occupant.Bare;

    /// <summary>Whether we come back by ourselves: to where we were in, or are to be in any case.</summary>
    public bool IsKept { get; set; }

    /// <summary>How we came to be out for good.</summary>
    public RoomExit? Exit { get; set; }

    /// <summary>When the room let us in, as a timestamp.</summary>
    public long? EnteredAt { get; private set; }

    /// <summary>Since when we do not hear what is said there, as a timestamp; <see langword="null"/> where we never did.</summary>
    public long? OutSince { get; private set; }

    /// <summary>Cancels the module's attempts to enter.</summary>
    public CancellationTokenSource? Run { get; set; }

    /// <summary>Completed when it is worth looking whether we are in; <see langword="null"/> while nobody waits for that.</summary>
    public TaskCompletionSource? Change { get; set; }

    /// <summary>What to ask the room with. What it has said before we were thrown out, or had lost the session, we have heard.</summary>
    public Presence Entry(string id, TimeProvider time) => new()
    {
        Id = id,
        To = _names == 0 ? occupant : Room.WithResource(occupant.Resource + new string('_', _names)),
        Payloads = [new RoomEntry(history, OutSince is { } since ? (long)time.GetElapsedTime(since).TotalSeconds : null, password)],
    };

    /// <summary>The name is somebody else's.</summary>
    /// <returns>Whether there is another one to try at once.</returns>
    public bool TryNextName()
    {
        _names = occupant.Resource!.Length > 100 ? 0 : (_names + 1) % MostNames;
        return _names > 0;
    }

    public void Enter(long now) => (EnteredAt, IsKept, _names) = (now, true, 0);

    /// <summary>We are out.</summary>
    /// <param name="heard">When we heard of it last.</param>
    public void Leave(long heard, TimeProvider time)
    {
        if (EnteredAt is { } since)
        {
            _failures = time.GetElapsedTime(since) >= LongestDelay ? 0 : _failures;
            (EnteredAt, OutSince) = (null, heard);
        }
    }

    /// <summary>How long to wait before the next attempt, with jitter so that all who were thrown out do not come back together.</summary>
    public TimeSpan NextDelay() => TimeSpan.FromSeconds(
        Math.Min(Math.Pow(2, Math.Min(_failures++, 30)), LongestDelay.TotalSeconds) * (0.5 + (Random.Shared.NextDouble() / 2)));

    public void Changed()
    {
        Change?.TrySetResult();
        Change = null;
    }
}
