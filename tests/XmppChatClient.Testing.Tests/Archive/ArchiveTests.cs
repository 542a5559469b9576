namespace XmppChatClient.Testing.Tests.Archive;

public sealed class ArchiveTests
{
    private const string Ask = "<query xmlns='urn:xmpp:mam:2'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_archive_itself_gives_its_ids()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await juliet.SendXmlAsync(
            "<message to='romeo@localhost' type='chat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@localhost' id='a'/>"
            + "<stanza-id xmlns='urn:xmpp:sid:0' by='ROMEO@localhost' id='b'/>"
            + "<stanza-id xmlns='urn:xmpp:sid:0' by='other@localhost' id='c'/></message>",
            Token);
        var message = await romeo.ReceiveXmlAsync(Token);
        var (id, _) = Assert.Single(await romeo.ArchiveAsync());
        Assert.Equal(
            [("other@localhost", "c"), ("romeo@localhost", id)],
            message.Elements.ToArray().Where(e => e.Name.LocalName == "stanza-id").Select(e => (e.Attribute("by"), e.Attribute("id"))));
    }

    [Fact]
    public async Task Carbons_carry_the_ids_of_their_own_archive()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var phone = await server.LoginAsync("romeo/phone", Token);
        await using var desk = await server.LoginAsync("romeo/desk", Token);
        Assert.Equal("", await desk.AskAsync("set", "<enable xmlns='urn:xmpp:carbons:2'/>"));
        await desk.GotAsync();
        await phone.DoAsync("<message to='juliet@localhost' type='chat'><body>out</body></message>");
        await juliet.DoAsync("<message to='romeo@localhost/phone' type='chat'><body>in</body></message>");
        var carbons = await desk.GotAsync();
        var archive = await desk.ArchiveAsync();
        Assert.Equal(2, carbons.Length);
        for (var i = 0; i < carbons.Length; i++)
        {
            Assert.Contains($"<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@localhost' id='{archive[i].Id}'/>", carbons[i], StringComparison.Ordinal);
            Assert.DoesNotContain("by='juliet", carbons[i], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("chat", "<body>x</body>", true)]
    [InlineData("normal", "<body>x</body>", true)]
    [InlineData("normal", "<subject>x</subject>", true)]
    [InlineData("headline", "<body>x</body>", false)]
    [InlineData("groupchat", "<body>x</body>", false)]
    [InlineData("error", "<body>x</body>", true)]
    [InlineData("chat", "<active xmlns='http://jabber.org/protocol/chatstates'/>", false)]
    [InlineData("chat", "<body>x</body><no-store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("chat", "<body>x</body><no-permanent-store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("chat", "<store xmlns='urn:xmpp:hints'/>", true)]
    [InlineData("headline", "<body>x</body><store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("chat", "<store xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("chat", "<received xmlns='urn:xmpp:receipts' id='1'/>", true)]
    [InlineData("chat", "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>", true)]
    [InlineData("normal", "<x xmlns='http://jabber.org/protocol/muc#user'><invite/></x>", true)]
    [InlineData("normal", "<x xmlns='http://jabber.org/protocol/muc#user'/>", false)]
    [InlineData("normal", "<x xmlns='urn:x'/>", false)]
    public async Task Archive_takes_what_is_worth_keeping(string type, string content, bool kept)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await juliet.DoAsync($"<message to='romeo@localhost/orchard' type='{type}'>{content}</message>");
        Assert.Equal(
            kept, (await romeo.GotAsync()).Any(m => m.Contains("<stanza-id ", StringComparison.Ordinal)));
        Assert.Equal(kept, (await romeo.ArchiveAsync()).Length > 0);
        Assert.Equal(kept, (await juliet.ArchiveAsync()).Length > 0);
    }

    [Fact]
    public async Task Archive_forgets_what_was_of_the_moment()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await juliet.DoAsync(
            "<message to='romeo@localhost' type='chat' id='1'><body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>");
        Assert.Equal(
            "<message from='juliet@localhost/balcony' to='romeo@localhost' type='chat' id='1'><body>x</body></message>",
            (await juliet.ArchiveAsync())[0].Message);
    }

    [Fact]
    public async Task Who_asks_the_archive_first_gets_nothing_twice()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.DoAsync("<message to='romeo@localhost' type='chat'><body>away</body></message>");
        await using (var reader = await ManagedClient.BindAsync(server, account))
        {
            await reader.SendAsync($"<iq type='set' id='1'>{Ask}</iq><presence/>");
            Assert.Contains("<result xmlns='urn:xmpp:mam:2' id=", await reader.NextAsync(), StringComparison.Ordinal);
            Assert.Contains("<fin ", await reader.NextAsync(), StringComparison.Ordinal);
            Assert.StartsWith("<presence ", await reader.NextAsync(), StringComparison.Ordinal);
            await reader.SendAsync("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
            Assert.StartsWith("<iq ", await reader.NextAsync(), StringComparison.Ordinal);
        }

        // One that knows no archive still gets it.
        await using var other = await server.LoginAsync("romeo", Token);
        Assert.Equal("away", (await other.ReceiveAsync(Token)).Body);
    }

    [Theory]
    [InlineData("<body>hi</body>", false, "")]
    [InlineData("<body>hi</body><no-permanent-store xmlns='urn:xmpp:hints'/>", true, "")]
    public async Task What_a_reader_of_the_archive_never_got_waits_there_only(string content, bool offline, string error)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("romeo");
        await using var client = await ManagedClient.BindAsync(server, account);
        await client.SendAsync($"<enable xmlns='urn:xmpp:sm:3'/><iq type='set' id='1'>{Ask}</iq><presence to='juliet@localhost'/>");
        await juliet.ReceivePresenceAsync(Token);
        await juliet.DoAsync($"<message to='romeo@localhost/orchard' type='chat'>{content}</message>");
        await client.SendAsync("</stream:stream>");
        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);
        Assert.Equal(error, string.Concat(await juliet.GotAsync()));
        await using var next = await server.LoginAsync("romeo", Token);
        Assert.Equal(offline, (await next.GotAsync()).Any(m => m.Contains("hi", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Preferences_decide_whose_messages_are_archived()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { Default = ArchivePolicy.Never } }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal("<prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs>", await romeo.AskAsync("get", "<prefs xmlns='urn:xmpp:mam:2'/>"));
        await SayAsync("default");

        const string Chosen = "<prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>juliet@localhost</jid></always><never/></prefs>";
        Assert.Equal(Chosen, await romeo.AskAsync("set", Chosen));
        Assert.Equal(Chosen, await romeo.AskAsync("get", "<prefs xmlns='urn:xmpp:mam:2'/>"));
        await SayAsync("always");

        await romeo.AskAsync("set", "<prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>juliet@localhost</jid></never></prefs>");
        await SayAsync("never");

        await romeo.AskAsync("set", "<prefs xmlns='urn:xmpp:mam:2' default='roster'/>");
        await SayAsync("stranger");
        await romeo.AskAsync("set", "<query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/></query>");
        await SayAsync("contact");

        Assert.Equal(["always", "contact"], (await romeo.ArchiveAsync()).Select(m => m.Message.Split("body>")[1].TrimEnd('<', '/')));

        Task SayAsync(string text) => juliet.DoAsync($"<message to='romeo@localhost' type='chat'><body>{text}</body></message>");
    }

    [Theory]
    [InlineData("<prefs xmlns='urn:xmpp:mam:2'/>")]
    [InlineData("<prefs xmlns='urn:xmpp:mam:2' default='sometimes'/>")]
    [InlineData("<prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>@</jid></never></prefs>")]
    public async Task Malformed_preferences_are_refused(string preferences)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal("bad-request", await romeo.AskAsync("set", preferences));
        Assert.Contains("default='always'", await romeo.AskAsync("get", "<prefs xmlns='urn:xmpp:mam:2'/>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set", Ask)]
    [InlineData("get", Ask)]
    [InlineData("get", "<prefs xmlns='urn:xmpp:mam:2'/>")]
    [InlineData("get", "<metadata xmlns='urn:xmpp:mam:2'/>")]
    public async Task Archive_is_its_owners_alone(string type, string payload)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal("service-unavailable", await juliet.AskAsync(type, payload, romeo.Jid.Bare));
        Assert.Equal("service-unavailable", await juliet.AskAsync(type, payload, server.Domain));
        Assert.NotEqual("service-unavailable", await juliet.AskAsync(type, payload));
        Assert.NotEqual("service-unavailable", await juliet.AskAsync(type, payload, juliet.Jid.Bare));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accounts_tell_whether_they_have_an_archive(bool offered)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { Offer = offered } }, Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        var info = await romeo.AskAsync("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        foreach (var feature in new[] { "urn:xmpp:mam:2", "urn:xmpp:mam:2#extended", "urn:xmpp:sid:0" })
        {
            Assert.Equal(offered, info.Contains($"'{feature}'", StringComparison.Ordinal));
        }

        Assert.Equal(offered ? "" : "service-unavailable", (await romeo.AskAsync("set", Ask)) is var answer && answer[0] == '<' ? "" : answer);
    }

    [Fact]
    public async Task Metadata_tells_the_first_and_the_last()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        const string Metadata = "<metadata xmlns='urn:xmpp:mam:2'/>";
        Assert.Equal(Metadata, await romeo.AskAsync("get", Metadata));
        Assert.Equal("service-unavailable", await romeo.AskAsync("set", Metadata));
        for (var i = 0; i < 3; i++)
        {
            await romeo.DoAsync("<message to='juliet@localhost' type='chat'><body>x</body></message>");
        }

        var archive = (await romeo.ArchiveAsync()).Where(m => m.Message.Contains("to='juliet", StringComparison.Ordinal)).ToArray();
        var told = await romeo.AskAsync("get", Metadata);
        Assert.StartsWith($"<metadata xmlns='urn:xmpp:mam:2'><start id='{archive[0].Id}' timestamp='2", told, StringComparison.Ordinal);
        Assert.Contains("<end id='", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_goes_with_its_account()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { AllowRegistration = true }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using (var romeo = await server.LoginAsync("romeo", Token))
        {
            await juliet.DoAsync("<message to='romeo@localhost' type='chat'><body>x</body></message>");
            Assert.Single(await romeo.ArchiveAsync());
            Assert.Equal("", await romeo.AskAsync("set", "<query xmlns='jabber:iq:register'><remove/></query>"));
        }

        await using var namesake = await server.LoginAsync("romeo", Token);
        Assert.Empty(await namesake.ArchiveAsync());
    }

    [Fact]
    public async Task Archive_keeps_the_newest()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Limits = new XmppTestServerLimits { ArchivedMessages = 2 } }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        string? first = null;
        for (var i = 1; i <= 3; i++)
        {
            await juliet.DoAsync($"<message to='romeo@localhost' type='chat'><body>{i}</body></message>");
            first ??= (await romeo.ArchiveAsync())[0].Id;
        }

        Assert.Equal(["2", "3"], (await romeo.ArchiveAsync()).Select(m => m.Message.Split("body>")[1].TrimEnd('<', '/')));
        Assert.Equal("item-not-found", await romeo.AskAsync(
            "set", $"<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><after>{first}</after></set></query>"));
    }
}
