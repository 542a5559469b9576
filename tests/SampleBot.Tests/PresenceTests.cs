using XmppChatClient;

namespace SampleBot;

public sealed class PresenceTests
{
    private static CancellationToken Token => HelpBotApp.Token;

    [Fact]
    public async Task Subscription_is_accepted_and_the_bot_is_seen()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await app.SubscribeAsync(juliet);
    }

    [Fact]
    public async Task Who_comes_is_welcomed_once()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await juliet.SendAsync(new Presence { To = app.Account.Jid }, Token);
        Assert.Equal("Welcome!", (await juliet.ReceiveAsync(Token)).Body);
        await juliet.SendAsync(new Presence { To = app.Account.Jid, Show = PresenceShow.Away }, Token);
        Assert.Equal("juliet@localhost", await app.AskAsync(juliet, "!who"));
    }

    [Fact]
    public async Task Who_goes_is_there_no_more()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await using (var romeo = await app.Server.LoginAsync("romeo", Token))
        {
            await romeo.SendAsync(new Presence { To = app.Account.Jid }, Token);
            Assert.Equal("Welcome!", (await romeo.ReceiveAsync(Token)).Body);
            Assert.Equal("romeo@localhost", await app.AskAsync(juliet, "!who"));
        }

        // Different conversations are handled side by side, so the bot may still be told of the going.
        while (await app.AskAsync(juliet, "!who") != "")
        {
        }
    }

    [Fact]
    public async Task Bot_that_stops_is_seen_to_go()
    {
        var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await app.SubscribeAsync(juliet);
        await app.StopAsync();
        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);
        await app.DisposeAsync();
    }
}
