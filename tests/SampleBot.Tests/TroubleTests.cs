using Microsoft.Extensions.Logging;
using XmppChatClient;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Testing;

namespace SampleBot;

public sealed class TroubleTests
{
    private static CancellationToken Token => HelpBotApp.Token;

    [Fact]
    public async Task What_was_said_while_the_bot_was_away_is_answered()
    {
        await using var app = await HelpBotApp.CreateAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await juliet.SendAsync(app.Account.Jid, "!ping", Token);
        await app.StartAsync();
        Assert.Equal("pong", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Dropped_bot_goes_on_as_if_nothing_had_been()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        app.Server.Faults.DropConnections(app.Account);
        Assert.Equal("5", await app.AskAsync(juliet, "!add 2 3"));
    }

    [Fact]
    public async Task Bot_whose_session_is_lost_comes_back()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await app.SubscribeAsync(juliet);
        app.Server.Faults.DropConnections(app.Account, closeStream: true);
        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);
        Assert.Equal(PresenceType.Available, (await juliet.ReceivePresenceAsync(Token)).Type);
        Assert.Equal("5", await app.AskAsync(juliet, "!add 2 3"));
    }

    [Fact]
    public async Task Bot_is_there_after_a_restart_of_the_server()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using (var before = await app.Server.LoginAsync("juliet", Token))
        {
            await app.AskAsync(before, "!note before");
        }

        await app.Server.RestartAsync();
        await using var after = await app.Server.LoginAsync("juliet", Token);
        Assert.Equal("before", await app.AskAsync(after, "!notes"));
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one()
    {
        await using var app = await HelpBotApp.CreateAsync();
        app.Server.Faults.SplitWrites();
        await app.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        Assert.Equal("5", await app.AskAsync(juliet, "!add 2 3"));
    }

    [Fact]
    public async Task Late_answer_of_one_user_holds_up_nobody_else()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await using var romeo = await app.Server.LoginAsync("romeo", Token);
        await juliet.SendAsync(app.Account.Jid, "!software", Token);
        var asked = await juliet.ReceiveXmlAsync(Token);
        Assert.Equal("pong", await app.AskAsync(romeo, "!ping"));
        await juliet.SendXmlAsync(
            $"<iq type='result' id='{asked.Attribute("id")}' to='{asked.Attribute("from")}'>"
            + "<query xmlns='jabber:iq:version'><name>Quill</name></query></iq>", Token);
        Assert.Equal("You use Quill.", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Refusal_of_an_answer_is_told()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await juliet.SendAsync(app.Account.Jid, "!software", Token);
        var asked = await juliet.ReceiveXmlAsync(Token);
        await juliet.SendXmlAsync(
            $"<iq type='error' id='{asked.Attribute("id")}' to='{asked.Attribute("from")}'>"
            + "<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", Token);
        Assert.Equal("Your software does not tell: forbidden.", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_that_does_not_come_is_given_up(bool fromWrongSender)
    {
        await using var app = await HelpBotApp.StartAsync(o => o.Timeouts.Request = TimeSpan.FromMilliseconds(50));
        app.Server.Faults.AnswerIq(VersionQuery.Name, fromWrongSender ? IqFault.FromWrongSender : IqFault.Never, app.Account);
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await juliet.SendAsync(app.Account.Jid, "!software", Token);
        var asked = await juliet.ReceiveXmlAsync(Token);
        await juliet.SendXmlAsync($"<iq type='result' id='{asked.Attribute("id")}' to='{asked.Attribute("from")}'/>", Token);
        Assert.Equal("Your software did not answer.", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Wrong_password_stops_the_bot_with_one_line() => await AssertStopsAsync(
        await HelpBotApp.CreateAsync(o => o.Password = "another"), "not-authorized");

    [Fact]
    public async Task Certificate_of_somebody_else_stops_the_bot_with_one_line()
    {
        var app = await HelpBotApp.CreateAsync();
        app.Server.Faults.PresentCertificate(BadCertificate.WrongHost);
        await AssertStopsAsync(app, "elsewhere.test");
    }

    private static async Task AssertStopsAsync(HelpBotApp app, string reason)
    {
        await app.StartAsync();
        await app.StoppedAsync();
        Environment.ExitCode = 0;
        Assert.Contains(reason, Assert.Single(app.Logs, r => r.Level == LogLevel.Critical).Message, StringComparison.Ordinal);
        await app.DisposeAsync();
    }
}
