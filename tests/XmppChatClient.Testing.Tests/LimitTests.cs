using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Streams;

namespace XmppChatClient.Testing.Tests;

/// <summary>XEP-0478.</summary>
public sealed class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_are_announced_before_login_and_after()
    {
        var limits = new XmppTestServerLimits { StanzaBytes = 20_000, Idle = TimeSpan.FromMinutes(30) };
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Limits = limits }, Token);
        await using var client = await RawClient.OpenAsync(server);
        Assert.Equal(new StreamLimits(20_000, null), (await client.SecureAsync(server)).Get<StreamLimits>());
        await using var bot = await ConnectAsync(server, server.AddAccount("bot"));
        Assert.Equal(new StreamLimits(20_000, TimeSpan.FromMinutes(30)), bot.StreamLimits);
    }

    [Fact]
    public async Task Limits_may_be_kept_to_oneself()
    {
        var limits = new XmppTestServerLimits { Idle = TimeSpan.FromMinutes(30), Announce = false };
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Limits = limits }, Token);
        await using var bot = await ConnectAsync(server, server.AddAccount("bot"));
        Assert.Null(bot.StreamLimits);
    }

    [Fact]
    public async Task Client_that_sends_nothing_for_too_long_is_cut_off_and_a_test_user_is_not()
    {
        var clock = new FakeTimeProvider();
        var limits = new XmppTestServerLimits { Idle = TimeSpan.FromMinutes(30) };
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Limits = limits, TimeProvider = clock }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("bot");
        await using var bot = await ConnectAsync(server, account);
        clock.Advance(TimeSpan.FromMinutes(29));
        await bot.SendAsync(juliet.Jid, "still here", Token);
        Assert.Equal("still here", (await juliet.ReceiveAsync(Token)).Body);
        clock.Advance(TimeSpan.FromMinutes(29));
        await bot.SendAsync(juliet.Jid, "and here", Token);
        Assert.Equal("and here", (await juliet.ReceiveAsync(Token)).Body);
        clock.Advance(TimeSpan.FromMinutes(30));
        var error = await Assert.ThrowsAsync<XmppStreamException>(
            async () => await bot.ReadEventsAsync(Token).CountAsync(Token).AsTask().WaitAsync(Hang.Limit, Token));
        Assert.Equal(StreamErrorCondition.ConnectionTimeout, error.Error.Condition);
        await juliet.SendAsync(juliet.Jid, "I am", Token);
        Assert.Equal("I am", (await juliet.ReceiveAsync(Token)).Body);
    }

    private static async Task<XmppClient> ConnectAsync(XmppTestServer server, TestAccount account)
    {
        var options = new XmppClientOptions().UseTestServer(server, account);
        options.Reconnect.Enabled = false;
        var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        await server.WaitUntilAvailableAsync(account, Token);
        return client;
    }
}
