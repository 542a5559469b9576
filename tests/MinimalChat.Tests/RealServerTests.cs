using XmppChatClient.Interop.Tests.Servers;

namespace MinimalChat.Tests;

/// <summary>The room mirrored on Prosody and ejabberd, with slixmpp in it.</summary>
public sealed class RealServerTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [EachServer]
    public async Task Browser_poll_and_slixmpp_hear_each_other(ServerKind kind)
    {
        Installed.DemandSlixmpp();
        var server = await servers.GetAsync(kind);
        var room = RoomOn(server);
        await using var site = await ChatSite.StartAsync(server, room);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        var name = NewName("juliet");
        await using var juliet = await SlixmppPerson.EnterAsync(server, room, name);

        await socket.SayAsync("from a socket");
        Assert.Equal("from a socket", await poll.HearAsync());
        Assert.Equal(("web", "from a socket"), await juliet.HearAsync());

        await poll.SayAsync("from a poll");
        Assert.Equal("from a poll", await socket.HearAsync());
        Assert.Equal(("web", "from a poll"), await juliet.HearAsync());

        await juliet.SayAsync("from XMPP 🎉");
        Assert.Equal($"{name}: from XMPP 🎉", await socket.HearAsync());
        Assert.Equal($"{name}: from XMPP 🎉", await poll.HearAsync());

        foreach (var hostile in (string[])
            [
                "<img src=x onerror=alert(1)>",
                "</body></message><message to='all'>",
                "<![CDATA[ & ]]> &lt;b&gt; \"' {0} %s",
                "a\u202Ecba\u0085\u2028e\u0301",
            ])
        {
            await socket.SayAsync(hostile);
            Assert.Equal(hostile, await poll.HearAsync());
            Assert.Equal(("web", hostile), await juliet.HearAsync());
            await juliet.SayAsync(hostile);
            Assert.Equal($"{name}: {hostile}", await socket.HearAsync());
            Assert.Equal($"{name}: {hostile}", await poll.HearAsync());
        }

        Assert.Equal(0, await site.StopAsync());
    }

    [Theory]
    [EachServer]
    public async Task What_is_said_while_the_server_is_down_is_heard_when_it_is_back_in_order_and_once(ServerKind kind)
    {
        Installed.DemandSlixmpp();
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings(), Token);
        var room = RoomOn(server);
        await using var site = await ChatSite.StartAsync(server, room);
        await using var socket = await SocketVisitor.ConnectAsync(site);
        await using var poll = await PollVisitor.ConnectAsync(site);
        var place = site.Log.Length;

        // Killed, ejabberd may not have written down an account that is new; Prosody takes its time to stop.
        await (kind == ServerKind.Prosody ? server.CrashAsync() : server.StopAsync());
        place = await site.LoggedAsync("Connecting again", place);
        string[] expected = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];
        foreach (var text in expected)
        {
            await socket.SayAsync(text);
            Assert.Equal(text, await poll.HearAsync());
        }

        await server.StartAsync(Token);
        await site.LoggedAsync(" as web", place);
        await using var juliet = await SlixmppPerson.EnterAsync(server, room, NewName("juliet"), history: 100);
        await socket.SayAsync("again");
        Assert.Equal(expected.Append("again").Select(text => ("web", text)), await juliet.HearUntilAsync("again"));
    }

    private static Jid RoomOn(XmppServer server) => new($"lobby-{Guid.NewGuid():N}", server.ConferenceDomain, null);

    private static string NewName(string name) => $"{name}-{Guid.NewGuid():N}"[..16];
}
