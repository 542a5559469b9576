namespace XmppChatClient.Testing.Tests;

/// <summary>The clock of what waits in a test: the machine's, until waiting is over. A wait that is to fail then does so at once,
/// and none before it is in a hurry.</summary>
internal sealed class WaitClock : TimeProvider
{
    /// <summary>Whether whatever waits from now on waits no longer than to see that nothing is there.</summary>
    public bool IsOver { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, IsOver ? TimeSpan.Zero : dueTime, period);
}
