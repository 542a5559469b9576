using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.Testing.Tests;

/// <summary>RFC 6121 §8.5, XEP-0160 and XEP-0280.</summary>
public sealed class MessageTests
{
    // What is delivered as it was sent: the archive would add its id.
    private static XmppTestServerOptions WithoutArchive { get; } = new() { Archive = new ArchiveOptions { Offer = false } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Sessions of Romeo by resource and priority, x for one that is not available.
    [Theory]
    [InlineData("a:0 b:0", "romeo@localhost", "chat", "a b", "")]
    [InlineData("a:0 b:0", "romeo@localhost", "normal", "a b", "")]
    [InlineData("a:1 b:0", "romeo@localhost", "chat", "a", "")]
    [InlineData("a:-1 b:0", "romeo@localhost", "unheard-of", "b", "")]
    [InlineData("a:5 b:0 c:-1 d:x", "romeo@localhost", "headline", "a b", "")]
    [InlineData("a:-1 b:x", "romeo@localhost", "headline", "", "")]
    [InlineData("a:-1 b:x", "romeo@localhost", "chat", "", "")]
    [InlineData("a:0", "romeo@localhost", "groupchat", "", "service-unavailable")]
    [InlineData("a:0", "romeo@localhost", "error", "", "")]
    [InlineData("a:0 b:5", "romeo@localhost/a", "chat", "a", "")]
    [InlineData("a:-1 b:5", "romeo@localhost/a", "normal", "a", "")]
    [InlineData("a:x b:5", "romeo@localhost/a", "headline", "a", "")]
    [InlineData("a:0", "romeo@localhost/a", "groupchat", "a", "")]
    [InlineData("a:0", "romeo@localhost/a", "error", "a", "")]
    [InlineData("a:0", "romeo@localhost/gone", "chat", "a", "")]
    [InlineData("a:0", "romeo@localhost/gone", "headline", "", "")]
    [InlineData("a:0", "romeo@localhost/gone", "error", "", "")]
    [InlineData("a:0", "romeo@localhost/gone", "groupchat", "", "service-unavailable")]
    [InlineData("a:0", "nobody@localhost", "chat", "", "service-unavailable")]
    [InlineData("a:0", "nobody@localhost", "error", "", "")]
    [InlineData("a:0", "nobody@localhost/a", "chat", "", "service-unavailable")]
    public async Task Message_goes_where_its_type_and_the_priorities_say(
        string sessions, string to, string type, string receivers, string error)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var romeos = new List<TestUser>();
        foreach (var session in sessions.Split(' ').Select(s => s.Split(':')))
        {
            var romeo = await server.LoginAsync($"romeo/{session[0]}", Token);
            await romeo.DoAsync(session[1] == "x" ? "<presence type='unavailable'/>" : $"<presence><priority>{session[1]}</priority></presence>");
            romeos.Add(romeo);
        }

        await juliet.DoAsync($"<message to='{to}' type='{type}'><body>hi</body></message>");
        var got = new List<string>();
        foreach (var romeo in romeos)
        {
            if ((await romeo.GotAsync()).Any(m => m.StartsWith("<message ", StringComparison.Ordinal)))
            {
                got.Add(romeo.Jid.Resource!);
            }

            await romeo.DisposeAsync();
        }

        Assert.Equal(receivers, string.Join(' ', got));
        var back = juliet.Unread.Count == 0 ? "" : (await juliet.ReceiveAsync(Token)).Error!.ToString();
        Assert.Equal(error, back);
    }

    [Fact]
    public async Task What_a_message_holds_arrives_as_it_was_sent()
    {
        await using var server = await XmppTestServer.StartAsync(WithoutArchive, Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await juliet.SendXmlAsync(
            "<message to='romeo@localhost' id='1' xml:lang='en'><x xmlns='urn:x' a='1'>t<y/></x><subject>s</subject>"
            + "<body xml:lang='de'>Hallo</body><body>&lt;hi&gt;</body></message>", Token);
        Assert.Equal(
            "<message from='juliet@localhost/balcony' to='romeo@localhost' id='1' xml:lang='en'><x xmlns='urn:x' a='1'>t<y/></x>"
            + "<subject>s</subject><body xml:lang='de'>Hallo</body><body>&lt;hi&gt;</body></message>",
            (await romeo.ReceiveXmlAsync(Token)).ToText());
    }

    [Fact]
    public async Task Messages_are_kept_for_who_is_away_and_stamped_with_when_they_came()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2030-01-02T03:04:05Z", CultureInfo.InvariantCulture));
        await using var server = await XmppTestServer.StartAsync(WithoutArchive with { TimeProvider = clock }, Token);
        server.AddAccount("romeo");
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await juliet.DoAsync("<message to='romeo@localhost' type='chat'><body>one</body></message>");
        await juliet.DoAsync("<message to='romeo@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
        await juliet.DoAsync("<message to='romeo@localhost' type='headline'><body>news</body></message>");
        clock.Advance(TimeSpan.FromMinutes(1));
        await juliet.DoAsync("<message to='romeo@localhost/away'><body>two</body></message>");

        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal(
            [
                "<message from='juliet@localhost/balcony' to='romeo@localhost' type='chat'><body>one</body>"
                + "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2030-01-02T03:04:05.000Z'/></message>",
                "<message from='juliet@localhost/balcony' to='romeo@localhost/away'><body>two</body>"
                + "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2030-01-02T03:05:05.000Z'/></message>",
            ],
            await romeo.GotAsync());

        await using var again = await server.LoginAsync("romeo", Token);
        Assert.DoesNotContain(await again.GotAsync(), m => m.StartsWith("<message ", StringComparison.Ordinal));

        // Of the chat state nothing was kept, so its sender knows.
        Assert.Equal("service-unavailable", (await juliet.ReceiveAsync(Token)).Error!.ToString());
    }

    [Fact]
    public async Task Messages_wait_for_a_priority_that_takes_them()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.DoAsync("<presence><priority>-1</priority></presence>");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(romeo.Jid.Bare, "hi", Token);
        await juliet.SettleAsync();
        Assert.DoesNotContain(await romeo.GotAsync(), m => m.StartsWith("<message ", StringComparison.Ordinal));
        await romeo.SendXmlAsync("<presence/>", Token);
        Assert.Equal("hi", (await romeo.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Full_store_refuses_what_comes()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Limits = new XmppTestServerLimits { OfflineMessages = 1 } }, Token);
        var romeo = server.AddAccount("romeo");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(romeo.Jid, "one", Token);
        await juliet.SendAsync(romeo.Jid, "two", Token);
        Assert.Equal("resource-constraint", (await juliet.ReceiveAsync(Token)).Error!.ToString());
    }

    [Fact]
    public async Task Carbons_show_both_sides_to_the_other_sessions()
    {
        await using var server = await XmppTestServer.StartAsync(WithoutArchive, Token);
        await using var phone = await server.LoginAsync("romeo/phone", Token);
        await using var desk = await server.LoginAsync("romeo/desk", Token);
        await using var none = await server.LoginAsync("romeo/none", Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        Assert.Equal("", await phone.AskAsync("set", "<enable xmlns='urn:xmpp:carbons:2'/>"));
        Assert.Equal("", await desk.AskAsync("set", "<enable xmlns='urn:xmpp:carbons:2'/>"));
        await phone.GotAsync();
        await desk.GotAsync();
        await none.GotAsync();

        await phone.DoAsync("<message to='juliet@localhost' type='chat'><body>out</body></message>");
        await juliet.DoAsync("<message to='romeo@localhost/phone' type='chat'><body>in</body></message>");
        Assert.Equal(
            [
                "<message from='romeo@localhost' to='romeo@localhost/desk' type='chat'><sent xmlns='urn:xmpp:carbons:2'>"
                + "<forwarded xmlns='urn:xmpp:forward:0'><message from='romeo@localhost/phone' to='juliet@localhost' type='chat'>"
                + "<body>out</body></message></forwarded></sent></message>",
                "<message from='romeo@localhost' to='romeo@localhost/desk' type='chat'><received xmlns='urn:xmpp:carbons:2'>"
                + "<forwarded xmlns='urn:xmpp:forward:0'><message from='juliet@localhost/balcony' to='romeo@localhost/phone' type='chat'>"
                + "<body>in</body></message></forwarded></received></message>",
            ],
            await desk.GotAsync());
        Assert.Equal(
            ["<message from='juliet@localhost/balcony' to='romeo@localhost/phone' type='chat'><body>in</body></message>"],
            await phone.GotAsync());
        Assert.Empty(await none.GotAsync());
    }

    [Theory]
    [InlineData("<message to='romeo@localhost/phone' type='chat'><body>x</body><private xmlns='urn:xmpp:carbons:2'/></message>", false)]
    [InlineData("<message to='romeo@localhost/phone' type='chat'><body>x</body><no-copy xmlns='urn:xmpp:hints'/></message>", false)]
    [InlineData("<message to='romeo@localhost/phone' type='chat'><body>x</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>", false)]
    [InlineData("<message to='romeo@localhost/phone' type='groupchat'><body>x</body></message>", false)]
    [InlineData("<message to='romeo@localhost/phone' type='headline'><body>x</body></message>", false)]
    [InlineData("<message to='romeo@localhost/phone'><x xmlns='urn:x'/></message>", false)]
    [InlineData("<message to='romeo@localhost/phone'><body>x</body></message>", true)]
    [InlineData("<message to='romeo@localhost/phone' type='chat'><x xmlns='urn:x'/></message>", true)]
    public async Task Only_conversations_are_copied(string sent, bool copied)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var phone = await server.LoginAsync("romeo/phone", Token);
        await using var desk = await server.LoginAsync("romeo/desk", Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await desk.AskAsync("set", "<enable xmlns='urn:xmpp:carbons:2'/>");
        await desk.GotAsync();
        await juliet.DoAsync(sent);
        Assert.Equal(copied, (await desk.GotAsync()).Length > 0);
        Assert.Single(await phone.GotAsync(), m => m.StartsWith("<message ", StringComparison.Ordinal));

        await desk.AskAsync("set", "<disable xmlns='urn:xmpp:carbons:2'/>");
        await juliet.DoAsync(sent);
        Assert.Empty(await desk.GotAsync());
    }
}
