using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.TestSupport;

/// <summary>A clock that a test moves, and that says when a timer is set: to move it before would be too early.</summary>
internal sealed class ManualClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Waits until a timer is set to that time from now, but for fractions of a millisecond.</summary>
    public Task TimerSetAsync(TimeSpan dueTime) => TimerSetAsync(set => (long)set.TotalMilliseconds == (long)dueTime.TotalMilliseconds);

    /// <summary>Waits until a timer is set to a time from now that is such.</summary>
    public async Task TimerSetAsync(Func<TimeSpan, bool> isSuch)
    {
        TimeSpan set;
        do
        {
            set = await _set.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang.Limit);
        }
        while (!isSuch(set));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(base.CreateTimer(callback, state, dueTime, period), _set.Writer);
        _set.Writer.TryWrite(dueTime);
        return timer;
    }

    private sealed class Timer(ITimer timer, ChannelWriter<TimeSpan> set) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            set.TryWrite(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
