using System.Collections.Concurrent;
using XmppChatClient.Dispatch;

namespace XmppChatClient.Tests;

public sealed class KeyedDispatcherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(4, 4)]
    [InlineData(64, 1024)]
    public async Task Each_key_keeps_its_order_and_no_more_run_than_may(int concurrency, int capacity)
    {
        const int Items = 2_000;
        var done = new ConcurrentDictionary<int, ConcurrentQueue<int>>();
        var running = 0;
        var most = 0;
        var dispatcher = new KeyedDispatcher<int>(concurrency, capacity, async item =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            done.GetOrAdd(item % 7, _ => new ConcurrentQueue<int>()).Enqueue(item);
            Interlocked.Decrement(ref running);
        });
        for (var item = 0; item < Items; item++)
        {
            await dispatcher.PostAsync($"{item % 7}", item, Token);
        }

        await dispatcher.WhenIdleAsync().WaitAsync(Hang.Limit, Token);
        Assert.Equal(Items, done.Values.Sum(q => q.Count));
        Assert.All(done, pair => Assert.Equal(pair.Value.Order(), pair.Value));
        Assert.InRange(most, 1, concurrency);
    }

    [Fact]
    public async Task Caller_waits_for_room_and_may_give_up()
    {
        var gate = new TaskCompletionSource();
        var dispatcher = new KeyedDispatcher<int>(1, 2, _ => gate.Task);
        await dispatcher.PostAsync("a", 1, Token);
        await dispatcher.PostAsync("b", 2, Token);
        using var givingUp = new CancellationTokenSource();
        var refused = dispatcher.PostAsync("c", 3, givingUp.Token).AsTask();
        Assert.False(refused.IsCompleted);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);
        var waiting = dispatcher.PostAsync("c", 3, Token).AsTask();
        Assert.False(waiting.IsCompleted);
        gate.SetResult();
        await waiting.WaitAsync(Hang.Limit, Token);
        await dispatcher.WhenIdleAsync().WaitAsync(Hang.Limit, Token);
    }

    [Fact]
    public async Task Idle_is_when_the_last_has_ended()
    {
        var gate = new TaskCompletionSource();
        var dispatcher = new KeyedDispatcher<int>(2, 8, _ => gate.Task);
        Assert.True(dispatcher.WhenIdleAsync().IsCompleted);
        await dispatcher.PostAsync("a", 1, Token);
        await dispatcher.PostAsync("a", 2, Token);
        var idle = dispatcher.WhenIdleAsync();
        Assert.False(idle.IsCompleted);
        gate.SetResult();
        await idle.WaitAsync(Hang.Limit, Token);
        Assert.True(dispatcher.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public async Task Work_that_hangs_holds_up_no_other_key()
    {
        var gate = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        var dispatcher = new KeyedDispatcher<int>(2, 8, item =>
        {
            if (item == 2)
            {
                done.SetResult();
            }

            return item == 1 ? gate.Task : Task.CompletedTask;
        });
        await dispatcher.PostAsync("a", 1, Token);
        await dispatcher.PostAsync("b", 2, Token);
        await done.Task.WaitAsync(Hang.Limit, Token);
        gate.SetResult();
        await dispatcher.WhenIdleAsync().WaitAsync(Hang.Limit, Token);
    }

    [Fact]
    public async Task Work_that_blocks_its_thread_holds_up_no_other_key()
    {
        using var gate = new ManualResetEventSlim();
        var done = new TaskCompletionSource();
        var dispatcher = new KeyedDispatcher<int>(2, 8, item =>
        {
            if (item == 1)
            {
                gate.Wait(Token);
            }
            else
            {
                done.TrySetResult();
            }

            return Task.CompletedTask;
        });
        await dispatcher.PostAsync("a", 1, Token);
        await dispatcher.PostAsync("b", 2, Token);
        await done.Task.WaitAsync(Hang.Limit, Token);
        gate.Set();
        await dispatcher.WhenIdleAsync().WaitAsync(Hang.Limit, Token);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
