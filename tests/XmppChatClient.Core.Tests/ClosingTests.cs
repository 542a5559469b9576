using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests;

/// <summary>What is still done when a client is closed.</summary>
public sealed class ClosingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_lost_session_left_is_settled_first()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var searched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(new FakeModule(
            module => module.OnUnacknowledged(async (_, token) =>
            {
                asked.SetResult();
                await searched.Task.WaitAsync(token);
            }))));
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.RefuseResume();
        using (server.Faults.Delay(Timeout.InfiniteTimeSpan, live.Account))
        {
            await live.Client.SendAsync(juliet.Jid, "written", Token);
            Assert.Equal("written", (await juliet.ReceiveAsync(Token)).Body);
        }

        server.Faults.DropConnections(live.Account);
        await live.ComeBackAsync();
        await asked.Task.Soon();
        var behind = await live.Client.SendAsync(juliet.Jid, "behind it", Token);
        var closing = live.Client.CloseAsync(Token);
        Assert.False(closing.IsCompleted);
        searched.SetResult();
        await closing.Soon();
        Assert.Equal(SendState.Acknowledged, behind.State);
        Assert.Equal("behind it", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Goodbye_is_said_although_there_is_no_room_for_it()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.StreamManagement.Queue = o.StreamManagement.RequestEvery = 1;
            o.Timeouts.Close = TimeSpan.FromSeconds(3);
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        await live.Client.SendAsync(new Presence { To = juliet.Jid }, Token);
        server.Faults.Delay(Timeout.InfiniteTimeSpan, live.Account);

        // What was sent before may take the only place already.
        var sending = live.Client.SendAsync(live.Client.Jid, "note", Token).AsTask();
        var closing = live.Client.CloseAsync(Token);
        while ((await juliet.ReceiveXmlAsync(Token)).Attribute("type") != "unavailable")
        {
        }

        // Where that is over before the stream is closed, it is tried once more over a link of its own, for as long.
        for (var i = 0; i < 2 && !closing.IsCompleted; i++)
        {
            await Task.WhenAny(closing, live.Clock.TimerSetAsync(TimeSpan.FromSeconds(3)));
            live.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        await closing.Soon();
        await Record.ExceptionAsync(() => sending.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_session_left_that_never_started_is_lost(bool closesMeanwhile)
    {
        SendReceipt? receipt = null;
        Task? closing = null;
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server, o => o.Modules.Add(new FakeModule(
            module => module.OnSessionStart(async token =>
            {
                receipt = await module.Client.SendAsync(module.Client.Jid, "early", token);
                closing = closesMeanwhile ? module.Client.CloseAsync(Token) : null;
                throw new XmppConnectionException("This module has had enough.");
            }))));
        await Assert.ThrowsAnyAsync<XmppException>(() => live.Client.ConnectAsync(Token).Soon());
        await (closing ?? live.Client.CloseAsync(Token)).Soon();
        Assert.Equal(SendState.Lost, receipt?.State);
    }

    [Fact]
    public async Task Nothing_is_tried_where_nothing_is_left()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        RouteDialer? routes = null;
        await using var live = await LiveClient.ConnectAsync(
            server, o => o.Presence = null, options => routes = RouteDialer.Of(options));
        server.Faults.DropConnections();
        Assert.True((await live.EventAsync<SessionEnded>()).MayResume);
        await live.Client.CloseAsync(Token).Soon();
        Assert.Single(routes!.Dialed);
    }
}
