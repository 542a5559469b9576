using XmppChatClient.Carbons;
using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.StanzaIds;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests;

/// <summary>XEP-0280, switched on with the login and behind it.</summary>
public sealed class CarbonsTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Prosody, Bind2Use.Always)]
    [InlineData(ServerKind.Prosody, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, Bind2Use.Never)]
    public async Task What_another_client_of_the_account_sends_and_gets_is_copied(ServerKind kind, Bind2Use bind2)
    {
        var server = await servers.GetAsync(kind);
        await using var desk = await Accounts.LoginNewAsync(server, "desk", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        var options = Accounts.Options(server, desk.Jid.Local!, TlsMode.Direct);
        options.Login.Bind2 = bind2;
        var carbons = options.Ensure<CarbonsModule>();
        var tap = new WireTap(options);
        await using var bot = new XmppClient(options);
        await bot.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        await bot.Get<PingModule>().PingAsync(cancellationToken: Token);
        Assert.True(carbons.IsOn);
        Assert.Equal(
            bind2 == Bind2Use.Never,
            tap.Lines.Any(l => l.StartsWith("C: <iq", StringComparison.Ordinal) && l.Contains("urn:xmpp:carbons:2", StringComparison.Ordinal)));

        await juliet.SendAsync(desk.Jid, "a question", Token);
        Assert.Equal("a question", (await desk.NextAsync<MessageReceived>(_ => true, Token)).Message.Body);
        var got = await bot.NextAsync<CopyReceived>(_ => true, Token);
        Assert.Equal(("a question", false, juliet.Jid, desk.Jid), (got.Message.Body, got.IsSent, got.Peer, got.Message.To));
        await desk.SendAsync(juliet.Jid, "an answer", Token);
        var sent = await bot.NextAsync<CopyReceived>(_ => true, Token);
        Assert.Equal(("an answer", true, juliet.Jid, desk.Jid), (sent.Message.Body, sent.IsSent, sent.Peer, sent.Message.From));

        // Where catching up goes on from.
        Assert.NotNull(StanzaId.Trusted(got.Message, bot.Jid));
        Assert.NotNull(StanzaId.Trusted(sent.Message, bot.Jid));
    }

    [Theory, EachServer]
    public async Task Copy_that_a_stranger_makes_up_is_dropped(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var tybalt = await Accounts.LoginNewAsync(server, "tybalt", Token);
        await using var bot = await Accounts.LoginNewAsync(server, "bot", Token, o => o.Ensure<CarbonsModule>());
        foreach (var to in new[] { bot.Jid, bot.Jid.Bare })
        {
            await tybalt.SendAsync(
                new Message
                {
                    To = to,
                    Type = MessageType.Chat,
                    Payloads =
                    [
                        XmppElement.Parse(
                            "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                            + $"<message xmlns='jabber:client' from='juliet@{server.Domain}/balcony' to='{bot.Jid}' type='chat'>"
                            + "<body>Thou shall meet me tonite</body></message></forwarded></received>"),
                    ],
                },
                Token);
        }

        await tybalt.SendAsync(bot.Jid, "last", Token);
        var next = await bot.NextAsync<XmppEvent>(e => e is MessageReceived or CopyReceived, Token);
        Assert.Equal("last", Assert.IsType<MessageReceived>(next).Message.Body);
    }

    // The archive has what was copied as well as what nobody was there for.
    [Theory, EachServer]
    public async Task What_was_copied_is_not_caught_up_with(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var desk = await Accounts.LoginNewAsync(server, "desk", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        var options = Accounts.Options(server, desk.Jid.Local!, TlsMode.Direct);
        options.Ensure<CarbonsModule>();
        options.Store = new Storage.MemoryStore();
        var catchUp = options.Ensure<CatchUpModule>();
        await using (var bot = new XmppClient(options))
        {
            await bot.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            while (catchUp.Position is null)
            {
                await bot.Get<PingModule>().PingAsync(cancellationToken: Token);
            }

            await juliet.SendAsync(desk.Jid, "to the desk", Token);
            var received = await bot.NextAsync<CopyReceived>(_ => true, Token);
            await received.MarkHandledAsync();
            var copy = received.Message;
            while (catchUp.Position!.Id != StanzaId.Trusted(copy, bot.Jid)!.Id)
            {
                await bot.Get<PingModule>().PingAsync(cancellationToken: Token);
            }

            await bot.CloseAsync(Token);
        }

        await (await juliet.SendAsync(desk.Jid, "while the bot was away", Token)).SettledAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Equal("while the bot was away", (await desk.NextAsync<MessageReceived>(m => m.Message.Body is not "to the desk", Token)).Message.Body);
        await using var next = new XmppClient(options);
        await next.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        var first = await next.NextAsync<XmppEvent>(e => e is MessageReceived or CopyReceived, Token);
        Assert.Equal("while the bot was away", Assert.IsType<MessageReceived>(first).Message.Body);
    }
}
