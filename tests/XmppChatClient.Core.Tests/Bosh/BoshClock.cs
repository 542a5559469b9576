using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>A clock that a test moves, but for what is due at once, which takes as long as it does: whoever looks again every few
/// milliseconds would otherwise let hours pass while what it looks for has no processor to run on.</summary>
internal sealed class BoshClock : FakeTimeProvider
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>What timers were set to up to now is not waited for any more.</summary>
    public void Forget()
    {
        while (_set.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits until a timer is set to that time from now, but for fractions of a second.</summary>
    public async Task TimerSetAsync(TimeSpan dueTime)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (Math.Abs((await _set.Reader.ReadAsync(limit.Token) - dueTime).TotalSeconds) > 0.5)
        {
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(base.CreateTimer(callback, state, dueTime, period), this);
        Set(dueTime);
        return timer;
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

    private async Task PassAsync(TimeSpan time)
    {
        await Task.Delay(time, System);
        Advance(time);
    }

    private sealed class Timer(ITimer timer, BoshClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Set(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
