using XmppChatClient;

namespace SampleBot;

public sealed class CommandTests
{
    private static CancellationToken Token => HelpBotApp.Token;

    [Theory]
    [InlineData("!ping", "pong")]
    [InlineData("!add 2 3", "5")]
    [InlineData("!add  2  -3 ", "-1")]
    [InlineData("!add 2", "Usage: !add 2 3")]
    [InlineData("!add two 3", "Usage: !add 2 3")]
    [InlineData("!notes", "Nothing.")]
    [InlineData("!dance", "I do not know !dance.")]
    [InlineData("!", "I do not know !.")]
    public async Task Command_is_answered(string command, string answer)
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        Assert.Equal(answer, await app.AskAsync(juliet, command));
    }

    [Theory]
    [InlineData("<message to='helpbot@localhost' type='chat'><body>hello</body></message>")]
    [InlineData("<message to='helpbot@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>")]
    [InlineData("<message to='helpbot@localhost' type='error'><body>!ping</body><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    public async Task What_is_no_command_is_left_alone(string message)
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await juliet.SendXmlAsync(message, Token);
        Assert.Equal("2", await app.AskAsync(juliet, "!add 1 1"));
    }

    [Fact]
    public async Task Answer_stays_in_the_thread_and_goes_to_the_device_that_asked()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var phone = await app.Server.LoginAsync("juliet/phone", Token);
        await using var desk = await app.Server.LoginAsync("juliet/desk", Token);
        await phone.SendAsync(new Message { To = app.Account.Jid, Type = MessageType.Chat, Body = "!ping", Thread = "t1" }, Token);
        var answer = await phone.ReceiveAsync(Token);
        Assert.Equal(("pong", "t1", phone.Jid), (answer.Body, answer.Thread, answer.To));
        Assert.Equal("2", await app.AskAsync(desk, "!add 1 1"));
    }

    [Fact]
    public async Task Two_users_at_once_are_not_mixed_up()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        await using var romeo = await app.Server.LoginAsync("romeo", Token);
        await Task.WhenAll(app.AskAsync(juliet, "!note balcony"), app.AskAsync(romeo, "!note orchard"));
        await Task.WhenAll(app.AskAsync(juliet, "!note nurse"), app.AskAsync(romeo, "!note friar"));
        Assert.Equal("balcony, nurse", await app.AskAsync(juliet, "!notes"));
        Assert.Equal("orchard, friar", await app.AskAsync(romeo, "!notes"));
    }

    [Fact]
    public async Task Commands_of_one_user_are_answered_in_their_order()
    {
        await using var app = await HelpBotApp.StartAsync();
        await using var juliet = await app.Server.LoginAsync("juliet", Token);
        for (var i = 0; i < 20; i++)
        {
            await juliet.SendAsync(app.Account.Jid, $"!add {i} 0", Token);
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"{i}", (await juliet.ReceiveAsync(Token)).Body);
        }
    }
}
