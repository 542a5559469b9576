using XmppChatClient.Archive;
using XmppChatClient.Carbons;
using XmppChatClient.CatchUp;
using XmppChatClient.Ping;
using XmppChatClient.StanzaIds;
using XmppChatClient.Testing;
using XmppChatClient.Testing.Tests;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

// XEP-0280 v1.0.1
public sealed class CarbonsTests
{
    private const string Message =
        "<message xmlns='jabber:client' from='juliet@capulet.example/balcony' to='bot@example.org/garden' type='chat' id='m1'>"
        + "<body>What man art thou?</body><request xmlns='urn:xmpp:receipts'/></message>";

    private static readonly XmlName Enable = new("urn:xmpp:carbons:2", "enable");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // §4
    [Fact]
    public async Task Server_is_asked_at_the_start_of_a_session()
    {
        await using var live = LiveClient.Create(o => o.Ensure<CarbonsModule>());
        var module = live.Client.Get<CarbonsModule>();
        var connecting = live.Client.ConnectAsync(Token);
        var asked = await live.Server.SentAsync("iq");
        Assert.Equal("<iq xmlns='jabber:client' id='" + asked.Attribute("id") + "' type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>", asked.ToString());
        Assert.False(module.IsOn);
        live.Server.Send($"<iq type='result' id='{asked.Attribute("id")}'/>");
        await connecting.WaitAsync(Hang.Limit, Token);
        Assert.True(module.IsOn);
        live.Server.Drop();
        await live.EventAsync<SessionEnded>();
        Assert.False(module.IsOn);
    }

    [Fact]
    public async Task Server_that_does_not_want_to_keeps_nobody_from_starting()
    {
        await using var live = LiveClient.Create(o => o.Ensure<CarbonsModule>());
        var connecting = live.Client.ConnectAsync(Token);
        var asked = await live.Server.SentAsync("iq");
        live.Server.Send($"<iq type='error' id='{asked.Attribute("id")}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        await connecting.WaitAsync(Hang.Limit, Token);
        Assert.False(live.Client.Get<CarbonsModule>().IsOn);
    }

    [Fact]
    public async Task Nobody_asks_without_the_module()
    {
        await using var live = LiveClient.Create();
        await live.Client.ConnectAsync(Token);
        Assert.Equal("presence", (await live.Server.NextAsync()).Name.LocalName);
    }

    // §7 and §8
    [Theory]
    [InlineData("received", false, "juliet@capulet.example/balcony")]
    [InlineData("sent", true, "bot@example.org/garden")]
    public async Task Copy_is_no_message_to_us(string which, bool isSent, string peer)
    {
        await using var live = await ConnectAsync();
        live.Server.Send(Copy("bot@example.org", which, Message) + "<message from='last@example.org'><body>last</body></message>");
        var copy = await live.EventAsync<CopyReceived>();
        Assert.Equal((isSent, "What man art thou?", "m1", Jid.Parse(peer)), (copy.IsSent, copy.Message.Body, copy.Message.Id, copy.Peer));
        Assert.Equal(Jid.Parse("juliet@capulet.example/balcony"), copy.Message.From);

        // §10.4: whoever got it answers, receipts included (XEP-0184).
        Assert.Equal("last", (await live.EventAsync<MessageReceived>()).Message.Body);
        live.Client.Post(new Presence { Status = "next" });
        Assert.Equal("presence", (await live.Server.NextAsync()).Name.LocalName);
    }

    [Fact]
    public async Task Reader_of_messages_reads_no_copies()
    {
        await using var live = await ConnectAsync();
        live.Server.Send(Copy("bot@example.org", "sent", Message) + "<message from='last@example.org'><body>last</body></message>");
        await foreach (var message in live.Client.ReadMessagesAsync(Token))
        {
            Assert.Equal("last", message.Body);
            break;
        }
    }

    // §7 and §11: CVE-2017-5589.
    [Theory]
    [InlineData("tybalt@capulet.example/home")]
    [InlineData("tybalt@capulet.example")]
    [InlineData("bot@example.org/other")]
    [InlineData("bot@example.org/1")]
    [InlineData("example.org")]
    [InlineData("bot@example.org.capulet.example")]
    [InlineData(null)]
    public async Task Copy_from_a_stranger_is_dropped(string? from)
    {
        await using var live = await ConnectAsync();
        live.Server.Send(
            Copy(from, "received", Message) + Copy(from, "sent", Message) + Copy(from, "sent", Message, "<body>And look at this.</body>"));
        live.Server.Send("<message from='last@example.org'><body>last</body></message>");
        await AssertNextIsLastAsync(live);
    }

    [Theory]
    [InlineData("<received xmlns='urn:xmpp:carbons:2'/>")]
    [InlineData("<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received>")]
    [InlineData("<sent xmlns='urn:xmpp:carbons:2'><message xmlns='jabber:client' from='juliet@capulet.example'><body>x</body></message></sent>")]
    [InlineData("<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><presence xmlns='jabber:client' from='juliet@capulet.example'/></forwarded></sent>")]
    [InlineData("<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='@'/></forwarded></sent>")]
    [InlineData("<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" + Message + "</forwarded></sent><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" + Message + "</forwarded></received>")]
    public async Task Copy_that_nobody_can_read_is_dropped(string content)
    {
        await using var live = await ConnectAsync();
        live.Server.Send($"<message from='bot@example.org'>{content}</message><message from='last@example.org'><body>last</body></message>");
        await AssertNextIsLastAsync(live);
    }

    [Fact]
    public async Task With_Bind_2_it_comes_with_the_login()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var bot = await ConnectAsync(server, o => o.Login.Bind2 = Bind2Use.Always);
        Assert.True(bot.Get<CarbonsModule>().IsOn);
        var said = Said(server);
        Assert.Contains("<enable xmlns='urn:xmpp:carbons:2'/><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>", said, StringComparison.Ordinal);
        Assert.DoesNotContain("><enable xmlns='urn:xmpp:carbons:2'/></iq>", said, StringComparison.Ordinal);
        await AssertCopiesAsync(server, bot);
    }

    [Fact]
    public async Task Without_Bind_2_it_is_asked_for_behind_the_login()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var bot = await ConnectAsync(server, o => o.Login.Bind2 = Bind2Use.Never);
        Assert.True(bot.Get<CarbonsModule>().IsOn);
        Assert.Contains("<enable xmlns='urn:xmpp:carbons:2'/></iq>", Said(server), StringComparison.Ordinal);
        await AssertCopiesAsync(server, bot);
    }

    // The archive has both what came to us and what was copied.
    [Fact]
    public async Task What_was_copied_does_not_come_out_of_the_archive_as_well()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("bot");
        await using var desk = await server.LoginAsync("bot/desk", Token);
        var place = new ArchivePlace("", DateTimeOffset.UtcNow.AddDays(-1));
        await using (var bot = await ConnectAsync(server, o => o.Ensure<CatchUpModule>().Position = place, account))
        {
            await juliet.SendAsync(desk.Jid, "to the desk", Token);
            var copy = (await NextAsync<CopyReceived>(bot)).Message;
            Assert.Equal("to the desk", copy.Body);

            // Whether it came while the bot was still catching up or not.
            while (bot.Get<CatchUpModule>().Position!.Id != StanzaId.Trusted(copy, bot.Jid)!.Id)
            {
                await bot.Get<PingModule>().PingAsync(cancellationToken: Token);
            }

            place = bot.Get<CatchUpModule>().Position!;
            await bot.CloseAsync(Token);
        }

        await juliet.SendAsync(desk.Jid, "while the bot was away", Token);
        await juliet.SettleAsync();
        await using var next = await ConnectAsync(server, o => o.Ensure<CatchUpModule>().Position = place, account);
        await juliet.SendAsync(next.Jid, "last", Token);
        Assert.Equal("while the bot was away", (await NextAsync<MessageReceived>(next)).Message.Body);
        Assert.Equal("last", (await NextAsync<MessageReceived>(next)).Message.Body);
    }

    private static async Task AssertCopiesAsync(XmppTestServer server, XmppClient bot)
    {
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var desk = await server.LoginAsync("bot/desk", Token);
        await juliet.SendAsync(desk.Jid, "a question", Token);
        var got = await NextAsync<CopyReceived>(bot);
        Assert.Equal(("a question", false, juliet.Jid), (got.Message.Body, got.IsSent, got.Peer));
        await desk.SendAsync(juliet.Jid, "an answer", Token);
        var sent = await NextAsync<CopyReceived>(bot);
        Assert.Equal(("an answer", true, juliet.Jid, desk.Jid), (sent.Message.Body, sent.IsSent, sent.Peer, sent.Message.From));
    }

    private static string Said(XmppTestServer server) => string.Join(
        '\n', server.Transcript.ToString().Split('\n').Where(l => l.Contains(" C: ", StringComparison.Ordinal)));

    private static string Copy(string? from, string which, string message, string beside = "") =>
        $"<message {(from is null ? "" : $"from='{from}' ")}to='bot@example.org/1' type='chat'>{beside}"
        + $"<{which} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{message}</forwarded></{which}></message>";

    private static async Task AssertNextIsLastAsync(LiveClient live)
    {
        await foreach (var next in live.Client.ReadEventsAsync(Token))
        {
            Assert.IsNotType<CopyReceived>(next);
            if (next is MessageReceived received)
            {
                Assert.Equal("last", received.Message.Body);
                return;
            }
        }
    }

    private static async Task<LiveClient> ConnectAsync()
    {
        var live = LiveClient.Create(o => o.Ensure<CarbonsModule>());
        var connecting = live.Client.ConnectAsync(Token);
        var asked = await live.Server.SentAsync(e => e.Element(Enable) is not null);
        live.Server.Send($"<iq type='result' id='{asked.Attribute("id")}'/>");
        await connecting.WaitAsync(Hang.Limit, Token);
        await live.Server.SentAsync("presence");
        return live;
    }

    private static async Task<XmppClient> ConnectAsync(
        XmppTestServer server, Action<XmppClientOptions> configure, TestAccount? account = null)
    {
        account ??= server.AddAccount("bot");
        var options = new XmppClientOptions().AddStandardModules().UseTestServer(server, account);
        options.Ensure<CarbonsModule>();
        configure(options);
        var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        return client;
    }

    private static async Task<T> NextAsync<T>(XmppClient client)
        where T : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            if (next is MessageReceived or CopyReceived)
            {
                return Assert.IsType<T>(next);
            }
        }

        throw new InvalidOperationException($"The client ended without {typeof(T).Name}.");
    }
}
