using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.StreamManagement;

/// <summary>What a message is known by when the server delivers it again, where there is no archive that names it, and for how
/// long.</summary>
public sealed class RedeliveryTests
{
    private const string Sm = "urn:xmpp:sm:3";

    private static readonly string Enabled = TranscriptTests.Login.Replace(
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
        $"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='{Sm}'/></stream:features>",
        StringComparison.Ordinal) + $"""
        C: <enable xmlns='{Sm}'
        S: <enabled xmlns='{Sm}'/>

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // XEP-0359 §2.2: the sender's own id, which nobody on the way changes.
    [Fact]
    public async Task Message_without_an_id_is_known_by_its_origin_id()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { TimeProvider = clock, Archive = new ArchiveOptions { Offer = false } }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(
            server, o => o.StreamManagement.Acknowledge = AcknowledgeMode.AfterHandling);
        await juliet.SendXmlAsync(Message(live, "", "o1", "1"), Token);
        Assert.Equal("1", (await live.EventAsync<MessageReceived>()).Message.Body);
        server.Faults.DropConnections();

        // The server gives up the session, and keeps what was not acknowledged for the next one.
        await clock.TimerSetAsync(TimeSpan.FromMinutes(10));
        clock.Advance(TimeSpan.FromMinutes(10));
        await live.ComeBackAsync();

        // And once more, as servers do.
        await juliet.SendXmlAsync(Message(live, "", "o1", "1"), Token);
        await juliet.SendXmlAsync(Message(live, "", "o2", "2"), Token);
        Assert.Equal("2", (await live.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal(3, server.Transcript.ToString().Split('\n').Count(
            line => line.Contains(" S: <message", StringComparison.Ordinal) && line.Contains("<body>1</body>", StringComparison.Ordinal)));
    }

    // Some number their messages, and begin anew.
    [Fact]
    public async Task Other_message_of_the_same_id_is_not_taken_for_it()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Archive = new ArchiveOptions { Offer = false } }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await juliet.SendXmlAsync(Message(live, "id='1'", "o1", "first"), Token);
        Assert.Equal("first", (await live.EventAsync<MessageReceived>()).Message.Body);
        server.Faults.LoseSessions(live.Account);
        await live.ComeBackAsync();
        await juliet.SendXmlAsync(Message(live, "id='1'", "o2", "second"), Token);
        await juliet.SendXmlAsync(Message(live, "id='2'", "o3", "third"), Token);
        Assert.Equal("second", (await live.EventAsync<MessageReceived>()).Message.Body);
    }

    // ejabberd hands out at once what it has kept for long, and keeps what its connection was cut in the middle of for the next one.
    [Fact]
    public async Task Everything_is_known_that_the_server_was_told_of_when_the_connection_was_lost()
    {
        var pile = string.Concat(Enumerable.Range(1, 1_000).Select(
            i => $"<message from='juliet@example.org/b' id='{i}'><body>{i}</body></message>"));
        var second = new ScriptedServer(Enabled + $"S: {pile}<message from='juliet@example.org/b' id='x'><body>new</body></message>");
        var first = new ScriptedServer(Enabled + $"S: {pile}<r xmlns='{Sm}'/>\nC: <a xmlns='{Sm}' h='1000'/>\nS: !cut") { Next = second };
        await using var client = new XmppClient(first.Options(o =>
        {
            o.StreamManagement.Resume = false;
            o.Reconnect.Enabled = true;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        }));
        await client.ConnectAsync(Token).Soon();
        for (var i = 1; i <= 1_000; i++)
        {
            Assert.Equal($"{i}", await client.NextBodyAsync());
        }

        Assert.Equal("new", await client.NextBodyAsync());
    }

    [Fact]
    public async Task Server_that_was_told_of_much_is_asked_what_shows_that_it_heard()
    {
        var messages = string.Concat(Enumerable.Repeat("<message><body>x</body></message>", 256));
        var server = new ScriptedServer(Enabled + $"""
            S: {messages}
            C: <a xmlns='{Sm}' h='256'/>
            C: <r xmlns='{Sm}'/>
            S: <a xmlns='{Sm}' h='0'/>{messages}
            C: <a xmlns='{Sm}' h='512'/>
            C: <r xmlns='{Sm}'/>
            """);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        for (var i = 0; i < 512; i++)
        {
            await client.NextBodyAsync();
        }

        await server.Done.Soon();
    }

    private static string Message(LiveClient live, string id, string originId, string body) =>
        $"<message to='{live.Account.Jid}' {id} type='chat'><body>{body}</body><origin-id xmlns='urn:xmpp:sid:0' id='{originId}'/></message>";
}
