using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Delay;
using XmppChatClient.StanzaIds;
using XmppChatClient.Testing;

namespace XmppChatClient.Extensions.Tests;

public sealed class CatchUpTests
{
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
