using XmppChatClient.Testing.Tests.Rooms;

namespace XmppChatClient.Testing.Tests.Archive;

public sealed class RoomArchiveTests
{
    private const string Query = "<query xmlns='urn:xmpp:mam:2'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator' jid='crone@localhost/desk'/></x>")]
    public async Task Room_archives_what_is_said_and_tells_its_id(bool showsAddresses, string shown)
    {
        await using var scene = await StartAsync(new TestRoomOptions { ShowsAddresses = showsAddresses });
        var crone = await scene.LoginAsync("crone/desk");
        await crone.JoinAsync(scene.Room, "crone", cancellationToken: Token);
        await crone.SendXmlAsync(
            $"<message to='{scene.Room}' type='groupchat' id='1'><body>hail</body>"
            + $"<stanza-id xmlns='urn:xmpp:sid:0' by='{scene.Room}' id='forged'/><x xmlns='http://jabber.org/protocol/muc#user'>"
            + "<item jid='forged@localhost'/></x></message>",
            Token);
        var echo = await crone.ReceiveXmlAsync(Token);

        var hag = await scene.LoginAsync("hag");
        var (id, message) = Assert.Single(await hag.ArchiveAsync(scene.Room));
        Assert.Equal($"<message from='{scene.Room}/crone' type='groupchat' id='1'><body>hail</body>{shown}</message>", message);
        Assert.Equal(id, Assert.Single(echo.Elements.ToArray(), e => e.Name.LocalName == "stanza-id").Attribute("id"));
        var joined = await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
        Assert.Contains(id, Assert.Single(joined.History).ToString(), StringComparison.Ordinal);

        // Neither the owner's nor the guest's own archive holds it.
        Assert.Empty(await crone.ArchiveAsync());
    }

    [Theory]
    [InlineData("<body>x</body>", true)]
    [InlineData("<subject>x</subject>", true)]
    [InlineData("<store xmlns='urn:xmpp:hints'/>", true)]
    [InlineData("<body>x</body><no-store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("<body>x</body><no-permanent-store xmlns='urn:xmpp:hints'/>", false)]
    [InlineData("<active xmlns='http://jabber.org/protocol/chatstates'/>", false)]
    public async Task Room_archives_what_is_worth_keeping(string content, bool kept)
    {
        await using var scene = await StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        await crone.DoAsync($"<message to='{scene.Room}' type='groupchat'>{content}</message>");
        Assert.Equal(kept ? 1 : 0, (await crone.ArchiveAsync(scene.Room)).Length);
    }

    [Fact]
    public async Task Only_who_may_enter_may_read()
    {
        await using var scene = await StartAsync(new TestRoomOptions { IsMembersOnly = true });
        var crone = await scene.EnterAsync("crone");
        await crone.DoAsync($"<message to='{scene.Room}' type='groupchat'><body>x</body></message>");
        Assert.Single(await crone.ArchiveAsync(scene.Room));
        var stranger = await scene.LoginAsync("stranger");
        Assert.Equal("forbidden", await stranger.AskAsync("set", Query, scene.Room));
        Assert.Equal("forbidden", await stranger.AskAsync("get", "<metadata xmlns='urn:xmpp:mam:2'/>", scene.Room));
        Assert.Empty(stranger.Unread);
    }

    [Fact]
    public async Task Addresses_are_shown_no_longer_when_the_room_hides_them()
    {
        await using var scene = await StartAsync(new TestRoomOptions { ShowsAddresses = true });
        var crone = await scene.EnterAsync("crone");
        await crone.DoAsync($"<message to='{scene.Room}' type='groupchat'><body>x</body></message>");
        Assert.Contains("jid='crone@", (await crone.ArchiveAsync(scene.Room))[0].Message, StringComparison.Ordinal);
        Assert.Equal("", await crone.AskAsync(
            "set",
            "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
            + "<value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_whois'>"
            + "<value>moderators</value></field></x></query>",
            scene.Room));
        Assert.DoesNotContain("crone@", (await crone.ArchiveAsync(scene.Room))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_goes_with_its_room()
    {
        await using var scene = await StartAsync(null);
        var crone = await scene.EnterAsync("crone");
        await crone.DoAsync($"<message to='{scene.Room}' type='groupchat'><body>x</body></message>");
        Assert.Single(await crone.ArchiveAsync(scene.Room));
        await crone.DoAsync($"<presence to='{scene.Room}/crone' type='unavailable'/>");
        await crone.JoinAsync(scene.Room, "crone", cancellationToken: Token);
        Assert.Empty(await crone.ArchiveAsync(scene.Room));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rooms_tell_whether_they_have_an_archive(bool offered)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions(), archive: offered);
        var hag = await scene.LoginAsync("hag");
        var info = await hag.AskAsync("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", scene.Room);
        Assert.Equal(offered, info.Contains("'urn:xmpp:mam:2'", StringComparison.Ordinal));
        Assert.Equal(!offered, await hag.AskAsync("set", Query, scene.Room) == "service-unavailable");
    }

    private static Task<RoomScene> StartAsync(TestRoomOptions? options) => RoomScene.StartAsync(options, archive: true);
}
