using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Session;
using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

public sealed class NetworkChangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeNetwork _network = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(120, 0, 1)]
    [InlineData(120, 100, 101)]
    [InlineData(120, 119.5, 120)]
    [InlineData(0.5, 0.1, 0.5)]
    public void Change_leaves_a_second_of_the_wait(double delay, double changedAt, double over)
    {
        using var wait = Wait(delay);
        Advance(changedAt);
        _network.Change();
        Advance(over - changedAt - 0.01);
        Assert.False(wait.Over.IsCompleted);
        Advance(0.01);
        Assert.True(wait.Over.IsCompleted);
    }

    [Fact]
    public void Change_after_change_does_not_put_off_the_end()
    {
        using var wait = Wait(120);
        for (var i = 0; i < 10; i++)
        {
            _network.Change();
            Advance(0.1);
        }

        Assert.True(wait.Over.IsCompleted);
    }

    [Fact]
    public void Nobody_listens_when_the_wait_is_over()
    {
        Wait(120).Dispose();
        Assert.Equal(0, _network.Watchers);
    }

    // Whether or not the machine has such news: neither is an error.
    [Fact]
    public void Platform_can_be_listened_to_and_left_alone_again() =>
        NetworkChanges.Instance.Watch(() => { }).Dispose();

    [Fact]
    public void Many_clients_do_not_come_back_at_the_same_moment() => Assert.Equal(
        [1, 1.5], new double[] { 0, 1 }.Select(r => new Backoff(new ReconnectOptions(), () => r).AfterChange().TotalSeconds));

    [Fact]
    public async Task Storm_of_changes_is_no_storm_of_connections()
    {
        var attempts = 0;
        await using var client = Client(_ =>
        {
            attempts++;
            return Task.FromException<IXmppTransport>(new XmppConnectionException("no route"));
        });
        var running = client.RunAsync(Token);
        for (var second = 0; second < 20; second++)
        {
            var before = attempts;
            for (var i = 0; i < 100; i++)
            {
                _network.Change();
                _time.Advance(TimeSpan.FromMilliseconds(10));
            }

            Assert.InRange(attempts - before, 0, 1);
        }

        await client.CloseAsync(Token);
        await running.Soon();
        Assert.Equal(0, _network.Watchers);
    }

    [Fact]
    public async Task Attempt_after_a_change_comes_before_its_time()
    {
        var attempts = 0;
        var second = new TaskCompletionSource();
        await using var client = Client(async token =>
        {
            if (++attempts == 2)
            {
                second.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(token);
            }

            throw new XmppConnectionException("no route");
        });
        var running = client.RunAsync(Token);
        var ended = Assert.IsType<SessionEnded>(await client.ReadEventsAsync(Token).FirstAsync(Token).AsTask().Soon());
        Assert.InRange(ended.RetryIn!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
        Assert.Equal(1, _network.Watchers);
        _network.Change();
        Advance(1.5);
        await second.Task.Soon();
        Assert.Equal(0, _network.Watchers);
        await client.CloseAsync(Token);
        await running.Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closing_wins_over_a_retry_that_is_due(bool hasChanged)
    {
        var attempts = 0;
        await using var client = Client(_ =>
        {
            attempts++;
            return Task.FromException<IXmppTransport>(new XmppConnectionException("no route"));
        });
        var running = client.RunAsync(Token);
        await client.ReadEventsAsync(Token).FirstAsync(Token).AsTask().Soon();
        var closing = client.CloseAsync(Token);
        if (hasChanged)
        {
            _network.Change();
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await closing.Soon();
        await running.Soon();
        Assert.Equal(1, attempts);
        Assert.Equal(0, _network.Watchers);
        Assert.Equal([new SessionEnded(SessionEndReason.Closed, null, null)], await client.ReadToEndAsync().Soon());
    }

    // The wait is over while those who are to hear of the close have not heard of it yet.
    [Fact]
    public async Task Closing_wins_over_a_retry_in_the_same_moment()
    {
        var attempts = 0;
        XmppClient? client = null;
        var time = new ClosingClock(() => client!.CloseAsync(Token));
        client = Client(
            _ =>
            {
                attempts++;
                return Task.FromException<IXmppTransport>(new XmppConnectionException("no route"));
            },
            time);
        await using var _ = client;
        var running = client.RunAsync(Token);
        await client.ReadEventsAsync(Token).FirstAsync(Token).AsTask().Soon();
        time.Advance(TimeSpan.FromMinutes(10));
        await running.Soon();
        Assert.Equal(1, attempts);
        Assert.Equal(SessionState.Closed, client.State);
    }

    private XmppClient Client(Func<CancellationToken, Task<IXmppTransport>> connect, TimeProvider? time = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Connector = new FakeConnector(connect),
            TimeProvider = time ?? _time,
            Network = _network,
        };
        options.Reconnect.FirstDelay = options.Reconnect.LongestDelay = TimeSpan.FromMinutes(10);
        return new XmppClient(options);
    }

    private RetryWait Wait(double delay) => new(TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(1), _time, _network);

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Closes the client when its timer fires, before anybody else learns of that.</summary>
    private sealed class ClosingClock(Func<Task> close) : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                s =>
                {
                    _ = close();
                    callback(s);
                },
                state,
                dueTime,
                period);
    }
}
