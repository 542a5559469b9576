using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using XmppChatClient.Xml;

namespace MinimalChat.Tests;

/// <summary>The three ways into one room, over sockets.</summary>
public sealed class ChatTests
{
    private static readonly XmppTestServerOptions Listening = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_says_all_others_hear_whatever_the_way()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        await using var site = await ChatSite.StartAsync(server);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var other = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        await using var juliet = await RoomPerson.EnterAsync(server, "juliet");

        // Nobody hears what he said himself: what is heard next is the next of somebody else.
        await socket.SayAsync("from a socket");
        Assert.Equal("from a socket", await other.HearAsync());
        Assert.Equal("from a socket", await poll.HearAsync());
        Assert.Equal(("web", "from a socket"), await juliet.HearAsync());

        Assert.Equal(HttpStatusCode.NoContent, await poll.SayAsync("from a poll"));
        Assert.Equal("from a poll", await socket.HearAsync());
        Assert.Equal("from a poll", await other.HearAsync());
        Assert.Equal(("web", "from a poll"), await juliet.HearAsync());

        await juliet.SayAsync("from XMPP");
        Assert.Equal("juliet: from XMPP", await socket.HearAsync());
        Assert.Equal("juliet: from XMPP", await other.HearAsync());
        Assert.Equal("juliet: from XMPP", await poll.HearAsync());

        await other.SayAsync("last");
        Assert.Equal("last", await socket.HearAsync());
        Assert.Equal("last", await poll.HearAsync());
        Assert.Equal(("web", "last"), await juliet.HearAsync());
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("</body></message><message to='all'>")]
    [InlineData("two\nlines & 🎉 ]]> {0} %s \"'")]
    public async Task Text_is_nothing_but_text(string text)
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        await using var site = await ChatSite.StartAsync(server);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        await using var juliet = await RoomPerson.EnterAsync(server, "juliet");
        await socket.SayAsync(text);
        Assert.Equal(text, await poll.HearAsync());
        Assert.Equal(("web", text), await juliet.HearAsync());
        await juliet.SayAsync(text);
        Assert.Equal("juliet: " + text, await socket.HearAsync());
        Assert.Equal("juliet: " + text, await poll.HearAsync());
    }

    [Fact]
    public async Task What_xml_cannot_carry_is_space_everywhere()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        await using var site = await ChatSite.StartAsync(server);
        await using var poll = await PollVisitor.ConnectAsync(site);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var juliet = await RoomPerson.EnterAsync(server, "juliet");
        await poll.SayAsync("a\0b\u0001c\uFFFFd\uD83C\uDF89e");
        Assert.Equal("a b c d\uD83C\uDF89e", await socket.HearAsync());
        Assert.Equal(("web", "a b c d\uD83C\uDF89e"), await juliet.HearAsync());
    }

    [Fact]
    public async Task What_was_said_before_is_not_heard()
    {
        await using var site = await ChatSite.StartAsync();
        await using var early = await PollVisitor.ConnectAsync(site);
        await early.SayAsync("before");
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        await early.SayAsync("after");
        Assert.Equal("after", await socket.HearAsync());
        Assert.Equal("after", await poll.HearAsync());
    }

    [Fact]
    public async Task Poll_with_nothing_to_hear_ends_with_the_same_cursor()
    {
        await using var site = await ChatSite.StartAsync("--Chat:PollSeconds=0.01");
        await using var poll = await PollVisitor.ConnectAsync(site);
        await poll.SayAsync("one");
        var cursor = poll.Cursor + 1;
        Assert.Empty(await poll.PollAsync($"&cursor={cursor}"));
        Assert.Equal(cursor, poll.Cursor);
    }

    [Fact]
    public async Task Who_is_too_slow_misses_the_oldest()
    {
        await using var site = await ChatSite.StartAsync();
        await using var slow = await PollVisitor.ConnectAsync(site);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var quick = await SocketVisitor.ConnectAsync(site);
        for (var i = 0; i < 300; i++)
        {
            await socket.SayAsync($"{i}");
            Assert.Equal($"{i}", await quick.HearAsync());
        }

        Assert.Equal(Enumerable.Range(300 - 256, 256).Select(i => $"{i}"), await slow.PollAsync($"&cursor={slow.Cursor}"));
    }

    [Fact]
    public async Task Comings_goings_and_failures_are_logged()
    {
        await using var site = await ChatSite.StartAsync();
        await using (var leaving = await SocketVisitor.ConnectAsync(site))
        {
            var place = await site.LoggedAsync("connected by WebSocket");
            await leaving.LeaveAsync();
            await site.LoggedAsync(" disconnected", place);
            Assert.DoesNotContain("failed", site.Log, StringComparison.Ordinal);
        }

        await using var vanishing = await SocketVisitor.ConnectAsync(site);
        await vanishing.SayAsync("here");
        vanishing.Vanish();
        await site.LoggedAsync(" disconnected", await site.LoggedAsync(" failed: "));

        await using var poll = await PollVisitor.ConnectAsync(site);
        var connected = await site.LoggedAsync($"{poll.Id} connected by long polling");
        var address = new Uri(site.Address);
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(address.Host, address.Port, Token);
            var question = $"GET /poll?visitor={poll.Id}&cursor={poll.Cursor} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n";
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(question), Token);
        }

        await site.LoggedAsync($"{poll.Id} disconnected", connected);
    }

    [Fact]
    public async Task Stopped_in_good_order_it_lets_everybody_go()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        await using var site = await ChatSite.StartAsync(server);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        await using var juliet = await RoomPerson.EnterAsync(server, "juliet");
        var polling = poll.PollAsync($"&cursor={poll.Cursor}");
        var stopping = site.StopAsync();
        Assert.Null(await socket.HearAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.ClosedWith);
        Assert.Empty(await polling);
        Assert.Equal(0, await stopping);
        Presence presence;
        do
        {
            presence = await juliet.User.ReceivePresenceAsync(Token);
        }
        while (presence is not { Type: PresenceType.Unavailable, From.Resource: "web" });
    }

    [Fact]
    public async Task What_is_said_while_xmpp_is_away_is_heard_there_later_in_order_and_once()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        await using var site = await ChatSite.StartAsync(server, settings: ["--Xmpp:Reconnect:FirstDelay=00:00:01", "--Xmpp:Reconnect:LongestDelay=00:00:01"]);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        var place = site.Log.Length;
        await server.RestartAsync();
        place = await site.LoggedAsync("Connecting again", place);
        string[] expected = [.. Enumerable.Range(0, 20).Select(i => $"{i}")];
        foreach (var text in expected)
        {
            await socket.SayAsync(text);
            Assert.Equal(text, await poll.HearAsync());
        }

        await site.LoggedAsync(" as web", place);
        await using var juliet = await RoomPerson.EnterAsync(server, "juliet", hearsHistory: true);
        await socket.SayAsync("again");
        Assert.Equal(expected.Append("again").Select(text => ("web", text)), await juliet.HearUntilAsync("again"));
    }

    [Fact]
    public async Task Room_for_others_is_asked_again_and_hears_what_was_said_meanwhile()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        var romeo = Jid.Parse($"romeo@{server.Domain}");
        var room = server.AddRoom("lobby", new TestRoomOptions { IsMembersOnly = true, Owners = [romeo] });
        await using var owner = await RoomPerson.EnterAsync(server, "romeo");
        await using var site = await ChatSite.StartAsync(server, isRoomOpen: false);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await socket.SayAsync("one");
        await socket.SayAsync("two");
        var member = XmppElement.Parse(
            $"<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='chat@{server.Domain}'/></query>");
        await owner.User.RequestAsync(new Iq(IqType.Set, member) { To = room }, Token);
        await site.LoggedAsync(" as web");
        await socket.SayAsync("three");
        Assert.Equal([("web", "one"), ("web", "two"), ("web", "three")], await owner.HearUntilAsync("three"));
    }

    [Fact]
    public async Task Name_that_is_taken_is_no_reason_to_stay_away()
    {
        await using var server = await XmppTestServer.StartAsync(Listening, Token);
        server.AddRoom("lobby");
        await using var web = await RoomPerson.EnterAsync(server, "web");
        await using var site = await ChatSite.StartAsync(server);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await socket.SayAsync("hello");
        Assert.Equal(("web_", "hello"), await web.HearAsync());
        await web.SayAsync("hello yourself");
        Assert.Equal("web: hello yourself", await socket.HearAsync());
    }
}
