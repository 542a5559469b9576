using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Delay;
using XmppChatClient.StanzaIds;
using XmppChatClient.Testing;
using XmppChatClient.Testing.Tests;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

public sealed class CatchUpTests
{
    private static readonly XmlName Query = new("urn:xmpp:mam:2", "query");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // What waits offline comes too, and must not come twice.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_missed_comes_once_in_order_and_before_what_is_new(bool idIsGone)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Archive = new ArchiveOptions { PageSize = 3 } }, Token);
        var account = server.AddAccount("bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var first = await ConnectAsync(server, account, position: null);
        await juliet.SendAsync(account.Jid, "seen", Token);
        Assert.Equal("seen", (await ReceiveAsync(first)).Body);
        await first.SendAsync(juliet.Jid, "our own", Token);
        await juliet.ReceiveAsync(Token);
        var position = first.Get<CatchUpModule>().Position!;
        await first.CloseAsync(Token);
        for (var i = 0; i < 10; i++)
        {
            await juliet.SendAsync(account.Jid, $"missed {i}", Token);
        }

        await juliet.SettleAsync();

        // Whose id is gone is gone itself; here it is not, and comes again.
        await using var second = await ConnectAsync(server, account, idIsGone ? position with { Id = "gone" } : position);
        await juliet.SendAsync(account.Jid, "new", Token);
        if (idIsGone)
        {
            Assert.Equal("seen", (await ReceiveAsync(second)).Body);
        }

        for (var i = 0; i < 10; i++)
        {
            var missed = await ReceiveAsync(second);
            Assert.Equal(($"missed {i}", juliet.Jid), (missed.Body, missed.From));
            Assert.Equal(account.Jid, missed.Get<DelayedDelivery>()?.From);
            Assert.NotNull(StanzaId.Trusted(missed, second.Jid));
        }

        Assert.Equal("new", (await ReceiveAsync(second)).Body);
        await juliet.SendAsync(account.Jid, "newer", Token);
        Assert.Equal("newer", (await ReceiveAsync(second)).Body);
    }

    [Fact]
    public async Task First_session_begins_at_the_end_of_the_archive()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using (var other = await ConnectAsync(server, account, position: null))
        {
            await juliet.SendAsync(account.Jid, "old", Token);
            await ReceiveAsync(other);
        }

        await using var bot = await ConnectAsync(server, account, position: null);
        await juliet.SendAsync(account.Jid, "new", Token);
        Assert.Equal("new", (await ReceiveAsync(bot)).Body);
    }

    [Fact]
    public async Task Lost_session_is_caught_up_with_in_the_next()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var bot = await ConnectAsync(server, account, position: null);
        var expected = new List<string>();
        server.Faults.RefuseResume();
        for (var round = 0; round < 5; round++)
        {
            server.Faults.DropConnections(account);
            for (var i = 0; i < 20; i++)
            {
                expected.Add($"{round}.{i}");
                await juliet.SendAsync(account.Jid, expected[^1], Token);
            }

            await server.WaitUntilAvailableAsync(account, Token);
        }

        var received = new List<string>();
        while (received.Count < expected.Count)
        {
            received.Add((await ReceiveAsync(bot)).Body!);
        }

        await juliet.SendAsync(account.Jid, "last", Token);
        Assert.Equal("last", (await ReceiveAsync(bot)).Body);
        Assert.Equal(expected, received);
    }

    // ejabberd takes the time that is an id before it writes what has it, and answers meanwhile without it.
    [Fact]
    public async Task What_the_archive_takes_in_late_is_looked_for_again_after_a_lost_session()
    {
        await using var live = LiveClient.Create(o => o.Ensure<CatchUpModule>());
        live.Client.Get<CatchUpModule>().Position = new ArchivePlace("1", DateTimeOffset.UnixEpoch);
        await live.Client.ConnectAsync(Token);
        var query = await QueryAsync(live, "<after>1</after>");
        live.Server.Send($"<message from='juliet@example.org/b'><body>3</body>{Id(3)}</message>");
        Answer(live, query, live.Clock.GetUtcNow(), 2, 4);
        Assert.Equal("2", (await ReceiveAsync(live.Client)).Body);
        Assert.Equal("4", (await ReceiveAsync(live.Client)).Body);
        await QueryAsync(live, "<after>1</after>");
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        Answer(live, await QueryAsync(live, "<after>1</after>"), live.Clock.GetUtcNow(), 2, 3, 4);
        Assert.Equal("3", (await ReceiveAsync(live.Client)).Body);
    }

    // What an earlier process was to hand out comes first.
    [Fact]
    public async Task Message_before_the_start_waits_where_an_earlier_process_found_no_place()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<CatchUpModule>());
        await QueryAsync(live, "<before/>");
        var message = new Message { From = Jid.Parse("juliet@example.org/b"), Body = "1" };
        Assert.True(new ArchiveFollower(() => live.Client, room: null).Take(message, "1"));
        live.Client.SetNote("catch-up-since:bot@example.org", null);
        Assert.False(new ArchiveFollower(() => live.Client, room: null).Take(message, "1"));
    }

    // Prosody 13 says "nothing" of what is behind an id that it does not know.
    [Theory]
    [InlineData(25, 5, true)]
    [InlineData(25, 1, false)]
    [InlineData(23, null, false)]
    public async Task Old_place_that_nothing_is_behind_may_be_gone(int hours, int? newest, bool isGone)
    {
        await using var live = await LiveClient.ConnectAsync();
        var at = live.Clock.GetUtcNow().AddHours(-hours);
        var follower = new ArchiveFollower(() => live.Client, room: null) { Position = new ArchivePlace("1", at) };
        follower.Begin();
        var running = follower.CatchUpAsync(Token);
        Answer(live, await QueryAsync(live, "<after>1</after>"), at);
        if (newest is { } id)
        {
            Answer(live, await QueryAsync(live, "<max>1</max><before/>"), at.AddHours(1), id);
        }

        if (isGone)
        {
            var byTime = await QueryAsync(live, $"<field var='start'><value>{at.AddMinutes(-5):yyyy-MM-ddTHH:mm:ss}Z</value>");
            Answer(live, byTime, at.AddHours(1), 5);
            Assert.Equal("5", (await ReceiveAsync(live.Client)).Body);
        }

        await running.WaitAsync(Hang.Limit, Token);
        Assert.Equal(isGone ? "5" : "1", follower.Position?.Id);
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }

    [Fact]
    public async Task Without_an_archive_the_session_goes_on()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { Offer = false } }, Token);
        var account = server.AddAccount("bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        foreach (var position in (ArchivePlace?[])[null, new ArchivePlace("a", DateTimeOffset.UnixEpoch)])
        {
            await using var bot = await ConnectAsync(server, account, position);
            await juliet.SendAsync(account.Jid, "new", Token);
            Assert.Equal("new", (await ReceiveAsync(bot)).Body);
        }
    }

    private static async Task<XmppElement> QueryAsync(LiveClient live, string part)
    {
        var request = await live.Server.SentAsync(e => e.Element(Query) is not null);
        Assert.Contains(part, request.ToString(), StringComparison.Ordinal);
        return request;
    }

    // The last page.
    private static void Answer(LiveClient live, XmppElement request, DateTimeOffset at, params int[] messages)
    {
        var query = request.Element(Query)!.Attribute("queryid");
        live.Server.Send(string.Concat(messages.Select(m =>
            $"<message><result xmlns='urn:xmpp:mam:2' queryid='{query}' id='{m}'><forwarded xmlns='urn:xmpp:forward:0'>"
            + $"<delay xmlns='urn:xmpp:delay' stamp='{at:yyyy-MM-ddTHH:mm:ss}Z'/><message xmlns='jabber:client' from='juliet@example.org/b' to='bot@example.org'><body>{m}</body></message></forwarded></result></message>")));
        live.Server.Send(
            $"<iq type='result' id='{request.Attribute("id")}'><fin xmlns='urn:xmpp:mam:2' complete='true'>"
            + $"<set xmlns='http://jabber.org/protocol/rsm'>{(messages.Length > 0 ? $"<first>{messages[0]}</first><last>{messages[^1]}</last>" : "")}</set></fin></iq>");
    }

    private static string Id(int id) => $"<stanza-id xmlns='urn:xmpp:sid:0' by='bot@example.org' id='{id}'/>";

    private static async Task<Message> ReceiveAsync(XmppClient client) =>
        await client.ReadMessagesAsync(Token).FirstAsync(Token).AsTask().WaitAsync(Hang.Limit, Token);

    private static async Task<XmppClient> ConnectAsync(XmppTestServer server, TestAccount account, ArchivePlace? position)
    {
        var options = new XmppClientOptions().UseTestServer(server, account).AddStandardModules();
        options.Ensure<CatchUpModule>().Position = position;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        return client;
    }
}
