using XmppChatClient.TestSupport;
using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

/// <summary>What docs/OPERATING.md says of the instruments, but for <see cref="InboxGaugeTests"/>.</summary>
public sealed class InstrumentTests : IDisposable
{
    private readonly Measurements _measured = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private (long Connecting, long Online, long Waiting) Clients => (
        _measured["xmpp.client.count state=connecting"],
        _measured["xmpp.client.count state=online"],
        _measured["xmpp.client.count state=waiting"]);

    [Fact]
    public async Task Client_is_counted_where_it_stands()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var live = await LiveClient.ConnectAsync(server);
        Assert.Equal((0, 1, 0), Clients);
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        Assert.Equal((0, 0, 1), Clients);
        live.Clock.Advance(ended.RetryIn!.Value);
        await live.EventAsync<SessionStarted>();
        Assert.Equal((0, 1, 0), Clients);
        Assert.Equal(1, _measured["xmpp.client.reconnects"]);
        await live.DisposeAsync();
        Assert.Equal((0, 0, 0), Clients);
    }

    [Fact]
    public async Task Client_that_could_not_connect_is_counted_no_more()
    {
        await using var client = new XmppClient(new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Connector = new FakeConnector(_ =>
            {
                Assert.Equal((1, 0, 0), Clients);
                return Task.FromException<IXmppTransport>(new XmppConnectionException("no route"));
            }),
        });
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal((0, 0, 0), Clients);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumptions_are_counted_by_what_came_of_them(bool isRefused)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        using var refusal = isRefused ? server.Faults.RefuseResume() : null;
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal(isRefused ? 0 : 1, _measured["xmpp.client.resumptions outcome=accepted"]);
        Assert.Equal(isRefused ? 1 : 0, _measured["xmpp.client.resumptions outcome=refused"]);
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_counted_until_it_is_or_is_lost()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Presence = null);
        await live.Client.SendAsync(live.Client.Jid, "1", Token);
        var second = await live.Client.SendAsync(live.Client.Jid, "2", Token);
        Assert.Equal(2, _measured["xmpp.client.outbox.length"]);
        Assert.Equal(2, live.Client.GetStatus().Unacknowledged);
        live.Clock.Advance(TimeSpan.FromSeconds(0.5));
        await second.SettledAsync(Token).Soon();

        // The answer is read as the next stanza is: one after the other.
        await live.Client.RequestAsync(Ping(), null, Token).Soon();
        Assert.Equal(1, _measured["xmpp.client.outbox.length"]);
        server.Faults.DropConnections();
        server.Faults.RefuseResume();
        var ended = await live.EventAsync<SessionEnded>();
        var lost = await live.Client.SendAsync(live.Client.Jid, "3", Token);
        Assert.Equal(2, _measured["xmpp.client.outbox.length"]);
        Assert.True(ended.MayResume);
        await live.Client.CloseAsync(Token).Soon();
        Assert.Equal(SendState.Lost, lost.State);
        Assert.Equal(0, _measured["xmpp.client.outbox.length"]);
        Assert.Equal(1, _measured["xmpp.client.messages.lost"]);
    }

    [Fact]
    public async Task Message_that_comes_again_is_counted_and_not_handled()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(
            server, o => o.StreamManagement.Acknowledge = AcknowledgeMode.AfterHandling);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(live.Client.Jid, "once", Token);
        var received = await live.EventAsync<MessageReceived>();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        await juliet.SendAsync(live.Client.Jid, "behind it", Token);
        Assert.Equal("behind it", (await live.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal(1, _measured["xmpp.client.messages.redelivered"]);
        received.MarkHandled();
    }

    public void Dispose() => _measured.Dispose();

    private static Iq Ping() => new(IqType.Get, new Xml.XmppElement(new Xml.XmlName("urn:xmpp:ping", "ping")));
}
