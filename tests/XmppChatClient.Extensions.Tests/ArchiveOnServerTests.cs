using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Receipts;
using XmppChatClient.StanzaIds;
using XmppChatClient.Testing;
using XmppChatClient.Testing.Tests;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

/// <summary>Archives and receipts with the whole test server instead of answers written by hand.</summary>
public sealed class ArchiveOnServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whole_archive_is_read_in_pages_that_the_server_makes_smaller()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { PageSize = 7 } }, Token);
        await using var bot = await ConnectAsync(server, "bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        for (var i = 0; i < 40; i++)
        {
            await juliet.SendAsync(bot.Jid, $"{i}", Token);
            await bot.SendAsync(juliet.Jid, $"answer {i}", Token);
            await juliet.ReceiveAsync(Token);
        }

        await juliet.SettleAsync();
        var expected = Enumerable.Range(0, 40).Select(i => $"{i}").ToList();
        var fromJuliet = (ArchivedMessage m) => m.Message.From == juliet.Jid;
        Assert.Equal(expected, await ReadAsync(bot, new ArchiveQuery(), fromJuliet));
        expected.Reverse();
        Assert.Equal(expected, await ReadAsync(bot, new ArchiveQuery { NewestFirst = true, PageSize = 3 }, fromJuliet));
    }

    [Fact]
    public async Task Reading_goes_on_behind_what_was_seen_live()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var bot = await ConnectAsync(server, "bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(bot.Jid, "one", Token);
        var seen = StanzaId.Trusted(await bot.ReadMessagesAsync(Token).FirstAsync(Token), bot.Jid)!;
        Assert.Equal([], await ReadAsync(bot, new ArchiveQuery { Position = seen.Id }));
        await juliet.SendAsync(bot.Jid, "two", Token);
        Assert.Equal("two", (await bot.ReadMessagesAsync(Token).FirstAsync(Token)).Body);
        Assert.Equal(["two"], await ReadAsync(bot, new ArchiveQuery { Position = seen.Id }));
        var metadata = await bot.Get<ArchiveModule>().MetadataAsync(cancellationToken: Token);
        Assert.Equal(seen.Id, metadata!.Oldest!.Id);
        await Assert.ThrowsAsync<ArchiveIdGoneException>(() => ReadAsync(bot, new ArchiveQuery { Position = "gone" }));
    }

    [Fact]
    public async Task Archive_of_a_room_is_read()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var room = server.AddRoom("tea");
        await using var bot = await ConnectAsync(server, "bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(room, "juliet", cancellationToken: Token);
        foreach (var body in (string[])["one", "two", "three"])
        {
            await juliet.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = body }, Token);
            await juliet.ReceiveAsync(Token);
        }

        Assert.Equal(["one", "two", "three"], await ReadAsync(bot, new ArchiveQuery { Archive = room, PageSize = 2 }));
        Assert.Equal([], await ReadAsync(bot, new ArchiveQuery()));
    }

    [Fact]
    public async Task Server_without_archives_says_so()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { Offer = false } }, Token);
        await using var bot = await ConnectAsync(server, "bot");
        await Assert.ThrowsAsync<XmppStanzaException>(() => ReadAsync(bot, new ArchiveQuery()));
        Assert.Null(await bot.Get<ArchiveModule>().MetadataAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Two_clients_confirm_each_other_what_they_get()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var bot = await ConnectAsync(server, "bot");
        await using var other = await ConnectAsync(server, "other");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? bot : other).Get<ReceiptsModule>().DeliverAsync(
            new Message { To = i % 2 == 0 ? other.Jid : bot.Jid, Type = MessageType.Chat, Body = $"{i}" }, Token)))
            .WaitAsync(Hang.Limit, Token);
    }

    // The server has it, and then a client of its receiver does: what the server says stays what it is.
    [Fact]
    public async Task What_is_sent_is_acknowledged_and_then_delivered()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var bot = await ConnectAsync(server, "bot", o => o.StreamManagement.RequestAfter = TimeSpan.FromMilliseconds(10));
        await using var juliet = await server.LoginAsync("juliet", Token);
        var receipt = await bot.SendAsync(
            new Message { To = juliet.Jid, Id = "m1", Type = MessageType.Chat, Body = "Hark!", Payloads = [new ReceiptRequest()] }, Token);
        Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(SendState.Acknowledged, receipt.State);
        await juliet.SendAsync(new Message { To = bot.Jid, Payloads = [new DeliveryReceipt("m1")] }, Token);
        await receipt.DeliveredAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(SendState.Delivered, receipt.State);
        Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token));
    }

    // Nobody knows what became of it, until whoever has it says so.
    [Fact]
    public async Task What_is_lost_may_have_been_delivered()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        SwallowingDialer? network = null;
        await using var bot = await ConnectAsync(server, "bot", o =>
        {
            o.Dialer = network = new SwallowingDialer(o.Dialer!);
            o.StreamManagement.RequestAfter = TimeSpan.FromHours(1);
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        var receipt = await bot.SendAsync(
            new Message { To = juliet.Jid, Id = "m1", Type = MessageType.Chat, Body = "Hark!", Payloads = [new ReceiptRequest()] }, Token);
        Assert.Equal("Hark!", (await juliet.ReceiveAsync(Token)).Body);
        network!.Swallow();
        server.Faults.RefuseResume();
        await bot.AbortAsync(new XmppConnectionException("The cable was cut."));
        Assert.Equal(SendState.Lost, await receipt.SettledAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        await Assert.ThrowsAsync<XmppSessionLostException>(() => receipt.DeliveredAsync(Token));
        await juliet.SendAsync(new Message { To = bot.Jid, Payloads = [new DeliveryReceipt("m1")] }, Token);
        await juliet.SendAsync(bot.Jid, "last", Token);
        Assert.Equal("last", (await bot.ReadMessagesAsync(Token).FirstAsync(Token)).Body);
        Assert.Equal(SendState.Delivered, receipt.State);
    }

    // The session is lost: its archive tells what arrived of it, and the rest is sent again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lost_session_loses_and_doubles_nothing(bool isInRoom)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        SwallowingDialer? network = null;
        await using var bot = await ConnectAsync(server, "bot", o =>
        {
            o.Dialer = network = new SwallowingDialer(o.Dialer!);
            o.StreamManagement.RequestAfter = TimeSpan.FromHours(1);
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
            o.Ensure<CatchUpModule>();
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        var room = server.AddRoom("tea");
        var to = isInRoom ? room : juliet.Jid;
        if (isInRoom)
        {
            await juliet.JoinAsync(room, "juliet", cancellationToken: Token);
            await bot.SendAsync(Joining(room), Token);
            await bot.ReadMessagesAsync(Token).FirstAsync(Token);
        }

        var say = async (string body) => await bot.SendAsync(
            new Message { To = to, Type = isInRoom ? MessageType.Groupchat : MessageType.Chat, Body = body }, Token);
        var arrived = await say("arrived");
        Assert.Equal("arrived", (await juliet.ReceiveAsync(Token)).Body);
        network!.Swallow();
        var lost = await say("lost");
        Assert.Equal((SendState.Sent, SendState.Sent), (arrived.State, lost.State));

        // A room that one has left hears nothing from outside: what is sent again comes back as an error.
        server.Faults.RefuseResume();
        await bot.AbortAsync(new XmppConnectionException("The cable was cut."));
        Assert.Equal(SendState.Acknowledged, await arrived.SettledAsync(Token).WaitAsync(Hang.Limit, Token));
        if (isInRoom)
        {
            var refused = await bot.ReadEventsAsync(Token).OfType<MessageReceived>()
                .FirstAsync(m => m.Message.Type == MessageType.Error, Token).AsTask().WaitAsync(Hang.Limit, Token);
            Assert.Equal(room, refused.Message.From);
        }
        else
        {
            Assert.Equal("lost", (await juliet.ReceiveAsync(Token)).Body);
        }

        await bot.SendAsync(juliet.Jid, "last", Token);
        Assert.Equal("last", (await juliet.ReceiveAsync(Token)).Body);
    }

    private static Presence Joining(Jid room) => new()
    {
        To = room.WithResource("bot"),
        Payloads = [new XmppElement(new XmlName("http://jabber.org/protocol/muc", "x"))],
    };

    private static async Task<XmppClient> ConnectAsync(
        XmppTestServer server, string name, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions().UseTestServer(server, server.AddAccount(name)).AddStandardModules();
        configure?.Invoke(options);
        var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        return client;
    }

    private static async Task<List<string>> ReadAsync(
        XmppClient client, ArchiveQuery query, Func<ArchivedMessage, bool>? fits = null)
    {
        var bodies = new List<string>();
        await foreach (var message in client.Get<ArchiveModule>().ReadAsync(query, Token))
        {
            if (fits?.Invoke(message) != false)
            {
                bodies.Add(message.Message.Body!);
            }
        }

        return bodies;
    }
}
