using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class AcknowledgeModeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AcknowledgeMode.OnReceive, false, false)]
    [InlineData(AcknowledgeMode.AfterHandling, false, true)]
    [InlineData(AcknowledgeMode.AfterHandling, true, false)]
    public async Task What_was_not_handled_comes_to_the_next_process(AcknowledgeMode mode, bool handle, bool comesAgain)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var live = await LiveClient.ConnectAsync(server, o => o.StreamManagement.Acknowledge = mode);
        await juliet.SendAsync(live.Client.Jid.Bare, "first", Token);
        var first = await live.EventAsync<MessageReceived>();
        if (handle)
        {
            // The presence that came before it is one of those that count.
            live.Seen.ForEach(e => e.MarkHandled());
        }

        Assert.Equal("first", first.Message.Body);
        await live.DisposeAsync();
        await juliet.SendAsync(live.Account.Jid, "second", Token);
        await using var next = new XmppClient(new XmppClientOptions().UseTestServer(server, live.Account));
        await next.ConnectAsync(Token).Soon();
        Assert.Equal(comesAgain ? "first" : "second", await next.NextBodyAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_with_its_handlers_when_the_connection_is_lost_does_not_come_twice(bool loseSession)
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(
            server, o => o.StreamManagement.Acknowledge = AcknowledgeMode.AfterHandling);
        var jid = live.Client.Jid.Bare;
        foreach (var body in new[] { "1", "2", "3" })
        {
            await juliet.SendAsync(jid, body, Token);
        }

        for (var i = 0; i < 3; i++)
        {
            await live.EventAsync<MessageReceived>();
        }

        // The second one only: the first holds up what the server may forget.
        live.Seen.OfType<MessageReceived>().ElementAt(1).MarkHandled();
        server.Faults.DropConnections();
        if (loseSession)
        {
            // The server gives up the session, and keeps what was not acknowledged for the next one.
            await clock.TimerSetAsync(TimeSpan.FromMinutes(10));
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        await live.ComeBackAsync();
        await juliet.SendAsync(live.Client.Jid, "4", Token);
        Assert.Equal("4", (await live.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal(4, live.Seen.OfType<MessageReceived>().Count());
        Assert.Equal(2, server.Transcript.ToString().Split('\n').Count(
            line => line.Contains(" S: <message", StringComparison.Ordinal) && line.Contains("<body>2</body>", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reading_messages_marks_each_when_the_next_is_asked_for()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("bot");
        var options = new XmppClientOptions { StreamManagement = { Acknowledge = AcknowledgeMode.AfterHandling } };
        await using (var client = new XmppClient(options.UseTestServer(server, account)))
        {
            await client.ConnectAsync(Token).Soon();
            await juliet.SendAsync(account.Jid, "1", Token);
            await juliet.SendAsync(account.Jid, "2", Token);
            await foreach (var message in client.ReadMessagesAsync(Token))
            {
                if (message.Body == "2")
                {
                    break;
                }
            }
        }

        await using var next = new XmppClient(new XmppClientOptions().UseTestServer(server, account));
        await next.ConnectAsync(Token).Soon();
        Assert.Equal("2", await next.NextBodyAsync());
    }
}
