namespace XmppChatClient.Testing.Tests;

/// <summary>RFC 6121 §2 to §4.</summary>
public sealed class PresenceTests
{
    private const string RosterQuery = "<query xmlns='jabber:iq:roster'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscription_is_asked_for_approved_and_ended()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await romeo.AskAsync("get", RosterQuery);
        await juliet.AskAsync("get", RosterQuery);

        await romeo.DoAsync("<presence to='juliet@localhost/balcony' type='subscribe'/>");
        Assert.Equal([Push("romeo/orchard", 1, "<item jid='juliet@localhost' subscription='none' ask='subscribe'/>")], await romeo.GotAsync());
        Assert.Equal(["<presence from='romeo@localhost' to='juliet@localhost' type='subscribe'/>"], await juliet.GotAsync());

        await juliet.DoAsync("<presence to='romeo@localhost' type='subscribed'/>");
        Assert.Equal([Push("juliet/balcony", 2, "<item jid='romeo@localhost' subscription='from'/>")], await juliet.GotAsync());
        Assert.Equal(
            [
                "<presence from='juliet@localhost' to='romeo@localhost' type='subscribed'/>",
                Push("romeo/orchard", 3, "<item jid='juliet@localhost' subscription='to'/>"),
                "<presence from='juliet@localhost/balcony' to='romeo@localhost'/>",
            ],
            await romeo.GotAsync());

        await juliet.DoAsync("<presence><show>away</show></presence>");
        Assert.Equal(["<presence from='juliet@localhost/balcony' to='romeo@localhost'><show>away</show></presence>"], await romeo.GotAsync());
        await juliet.GotAsync();

        await romeo.DoAsync("<presence to='juliet@localhost' type='unsubscribe'/>");
        Assert.Equal(
            [
                Push("romeo/orchard", 4, "<item jid='juliet@localhost' subscription='none'/>"),
                "<presence from='juliet@localhost/balcony' to='romeo@localhost' type='unavailable'/>",
            ],
            await romeo.GotAsync());
        Assert.Equal(
            [
                "<presence from='romeo@localhost' to='juliet@localhost' type='unsubscribe'/>",
                Push("juliet/balcony", 5, "<item jid='romeo@localhost' subscription='none'/>"),
            ],
            await juliet.GotAsync());
        await juliet.DoAsync("<presence/>");
        Assert.Empty(await romeo.GotAsync());
    }

    [Fact]
    public async Task Request_waits_for_who_is_away_and_for_every_login_until_it_is_answered()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddAccount("juliet");
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.DoAsync("<presence to='juliet@localhost' type='subscribe'><status>it is me</status></presence>");
        for (var login = 0; login < 2; login++)
        {
            await using var juliet = await server.LoginAsync("juliet", Token);
            Assert.Equal(
                ["<presence from='romeo@localhost' to='juliet@localhost' type='subscribe'><status>it is me</status></presence>"],
                await juliet.GotAsync());
            Assert.Equal("<query xmlns='jabber:iq:roster'/>", await juliet.AskAsync("get", RosterQuery));
        }

        await using (var juliet = await server.LoginAsync("juliet", Token))
        {
            await juliet.DoAsync("<presence to='romeo@localhost' type='unsubscribed'/>");
        }

        await using var last = await server.LoginAsync("juliet", Token);
        Assert.Empty(await last.GotAsync());
    }

    [Fact]
    public async Task Contacts_see_each_other_come_and_go()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using (var juliet = await server.LoginAsync("juliet/balcony", Token))
        {
            await BefriendAsync(romeo, juliet);
            await romeo.GotAsync();
        }

        Assert.Equal(["<presence from='juliet@localhost/balcony' to='romeo@localhost' type='unavailable'/>"], await romeo.GotAsync());

        await using var again = await server.LoginAsync("juliet/chamber", Token);
        Assert.Equal(["<presence from='romeo@localhost/orchard' to='juliet@localhost/chamber'/>"], await again.GotAsync());
        Assert.Equal(["<presence from='juliet@localhost/chamber' to='romeo@localhost'/>"], await romeo.GotAsync());
    }

    [Fact]
    public async Task Own_sessions_see_each_other()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var desk = await server.LoginAsync("romeo/desk", Token);
        await desk.DoAsync("<presence><status>working</status></presence>");
        await desk.GotAsync();
        await using var phone = await server.LoginAsync("romeo/phone", Token);
        Assert.Equal(["<presence from='romeo@localhost/desk' to='romeo@localhost/phone'><status>working</status></presence>"], await phone.GotAsync());
        Assert.Equal(["<presence from='romeo@localhost/phone' to='romeo@localhost/desk'/>"], await desk.GotAsync());
    }

    [Theory]
    [InlineData("<presence type='unavailable'/>")]
    [InlineData("</stream:stream>")]
    [InlineData("<a></b>")]
    public async Task Who_got_directed_presence_hears_of_its_end(string end)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await using var nurse = await server.LoginAsync("nurse", Token);
        await romeo.DoAsync("<presence to='juliet@localhost/balcony'/>");
        await romeo.DoAsync($"<presence to='{nurse.Jid}'/>");
        await romeo.DoAsync($"<presence to='{nurse.Jid}' type='unavailable'/>");
        Assert.Equal(2, (await nurse.GotAsync()).Length);
        Assert.Equal("<presence from='romeo@localhost/orchard' to='juliet@localhost/balcony'/>", (await juliet.ReceiveXmlAsync(Token)).ToText());
        await romeo.SendXmlAsync(end, Token);
        Assert.Equal(
            "<presence from='romeo@localhost/orchard' to='juliet@localhost/balcony' type='unavailable'/>", (await juliet.ReceiveXmlAsync(Token)).ToText());
        Assert.Empty(await nurse.GotAsync());
    }

    [Theory]
    [InlineData("<presence to='juliet@localhost' type='probe'/>")]
    [InlineData("<presence to='romeo@localhost' type='subscribe'/>")]
    [InlineData("<presence to='juliet@localhost' type='subscribed'/>")]
    [InlineData("<presence to='juliet@localhost' type='unsubscribed'/>")]
    [InlineData("<presence to='juliet@localhost' type='unsubscribe'/>")]
    [InlineData("<presence to='nobody@localhost' type='unsubscribe'/>")]
    [InlineData("<presence to='juliet@localhost/nowhere'/>")]
    public async Task Presence_that_changes_nothing_is_shown_to_nobody(string sent)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await romeo.AskAsync("get", RosterQuery);
        await juliet.AskAsync("get", RosterQuery);
        await romeo.DoAsync(sent);
        Assert.Empty(await romeo.GotAsync());
        Assert.Empty(await juliet.GotAsync());
    }

    [Fact]
    public async Task Roster_is_set_pushed_and_removed()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var other = await server.LoginAsync("romeo/phone", Token);
        await using var deaf = await server.LoginAsync("romeo/deaf", Token);
        Assert.Equal(RosterQuery, await other.AskAsync("get", RosterQuery));
        await romeo.GotAsync();
        await other.GotAsync();
        await deaf.GotAsync();

        const string Item = "<item jid='nurse@localhost' subscription='none' name='Nurse'><group>Servants</group></item>";
        Assert.Equal("", await romeo.AskAsync(
            "set", "<query xmlns='jabber:iq:roster'><item jid='nurse@localhost' name='Nurse' subscription='both'><group>Servants</group></item></query>"));
        Assert.Equal([Push("romeo/phone", 1, Item)], await other.GotAsync());
        Assert.Equal($"<query xmlns='jabber:iq:roster'>{Item}</query>", await romeo.AskAsync("get", RosterQuery));

        Assert.Equal("", await romeo.AskAsync(
            "set", "<query xmlns='jabber:iq:roster'><item jid='nurse@localhost' subscription='remove'/></query>"));
        Assert.Equal([Push("romeo/phone", 3, "<item jid='nurse@localhost' subscription='remove'/>")], await other.GotAsync());
        Assert.Equal(RosterQuery, await romeo.AskAsync("get", RosterQuery));
        Assert.Empty(await deaf.GotAsync());
    }

    [Fact]
    public async Task Removing_a_contact_ends_the_subscriptions_of_both()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await BefriendAsync(romeo, juliet);
        await juliet.AskAsync("get", RosterQuery);
        await romeo.AskAsync("set", "<query xmlns='jabber:iq:roster'><item jid='juliet@localhost' subscription='remove'/></query>");
        Assert.Equal(
            "<query xmlns='jabber:iq:roster'><item jid='romeo@localhost' subscription='none'/></query>", await juliet.AskAsync("get", RosterQuery));
        Assert.Contains("<presence from='romeo@localhost/orchard' to='juliet@localhost' type='unavailable'/>", await juliet.GotAsync());
        await romeo.GotAsync();
        await juliet.DoAsync("<presence/>");
        Assert.Empty(await romeo.GotAsync());
    }

    [Theory]
    [InlineData("", "bad-request")]
    [InlineData("<item/>", "bad-request")]
    [InlineData("<item jid='a@localhost/resource'/>", "bad-request")]
    [InlineData("<item jid='a@localhost'/><item jid='b@localhost'/>", "bad-request")]
    [InlineData("<item jid='romeo@localhost'/>", "not-allowed")]
    [InlineData("<item jid='a@localhost' subscription='remove'/>", "item-not-found")]
    [InlineData("<item jid='a@localhost'><group/></item>", "not-acceptable")]
    [InlineData("<item jid='a@localhost'><group>g</group><group>g</group></item>", "bad-request")]
    public async Task Roster_refuses_what_cannot_be_set(string items, string error)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal(error, await romeo.AskAsync("set", $"<query xmlns='jabber:iq:roster'>{items}</query>"));
    }

    [Fact]
    public async Task Roster_is_nobody_elses_business()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        var juliet = server.AddAccount("juliet");
        Assert.Equal("service-unavailable", await romeo.AskAsync("get", RosterQuery, juliet.Jid));
    }

    private static string Push(string to, int number, string item)
    {
        var parts = to.Split('/');
        return $"<iq to='{parts[0]}@localhost/{parts[1]}' type='set' id='push-{number}'><query xmlns='jabber:iq:roster'>{item}</query></iq>";
    }

    private static async Task BefriendAsync(TestUser one, TestUser other)
    {
        await one.DoAsync($"<presence to='{other.Jid.Bare}' type='subscribe'/>");
        await other.DoAsync($"<presence to='{one.Jid.Bare}' type='subscribed'/><presence to='{one.Jid.Bare}' type='subscribe'/>");
        await one.DoAsync($"<presence to='{other.Jid.Bare}' type='subscribed'/>");
        await one.GotAsync();
        await other.GotAsync();
    }
}
