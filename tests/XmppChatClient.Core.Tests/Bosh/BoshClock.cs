using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>A clock that a test moves, but for what is due at once, which takes as long as it does: whoever looks again every few
/// milliseconds would otherwise let hours pass while what it looks for has no processor to run on.</summary>
internal sealed class BoshClock : FakeTimeProvider
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<TimeSpan> _disposed = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>What became of timers up to now is not waited for any more.</summary>
    public void Forget()
    {
        while (_set.Reader.TryRead(out _) || _disposed.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits until a timer is set to that time from now, but for fractions of a second.</summary>
    public Task TimerSetAsync(TimeSpan dueTime) => SeenAsync(_set, dueTime);

    /// <summary>Waits until there is no need any more for a timer that was last set to that time.</summary>
    public Task TimerDisposedAsync(TimeSpan dueTime) => SeenAsync(_disposed, dueTime);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(base.CreateTimer(callback, state, dueTime, period), this, dueTime);
        Set(dueTime);
        return timer;
    }

    private static async Task SeenAsync(Channel<TimeSpan> seen, TimeSpan dueTime)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (Math.Abs((await seen.Reader.ReadAsync(limit.Token) - dueTime).TotalSeconds) > 0.5)
        {
        }
    }

    private void Set(TimeSpan dueTime)
    {
        if (dueTime >= TimeSpan.Zero && dueTime <= AtOnce)
        {
            _ = PassAsync(dueTime);
        }
        else
        {
            _set.Writer.TryWrite(dueTime);
        }
    }

    // No faster than time goes: what is looked for again and again would else run away with the clock on a busy machine.
    private async Task PassAsync(TimeSpan time)
    {
        await Task.Delay(time, System);
        Advance(time);
    }

    private sealed class Timer(ITimer timer, BoshClock clock, TimeSpan dueTime) : ITimer
    {
        private TimeSpan _dueTime = dueTime;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _dueTime = dueTime;
            var changed = timer.Change(dueTime, period);
            clock.Set(dueTime);
            return changed;
        }

        public void Dispose()
        {
            timer.Dispose();
            clock._disposed.Writer.TryWrite(_dueTime);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
