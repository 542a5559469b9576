using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>XEP-0045 §7.2.13 to §7.2.15, §7.4, §7.5, §7.13 and §8.1: what is said, and what was.</summary>
public sealed class RoomMessageTests
{
    private const string Muc = "http://jabber.org/protocol/muc";
    private const string User = "http://jabber.org/protocol/muc#user";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_comes_to_all_and_back_as_it_was_sent()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(
            hag, "<message to='cave' type='groupchat' id='m'><body>hi</body><a xmlns='urn:x'/><subject>only mine</subject></message>");
        foreach (var user in new[] { crone, hag })
        {
            Assert.Equal(
                $"<message from='cave/hag' to='{user.Jid}' type='groupchat' id='m'><body>hi</body><a xmlns='urn:x'/>"
                    + "<subject>only mine</subject></message>",
                await scene.NextAsync(user));
        }
    }

    [Theory]
    [InlineData("<message to='cave' type='groupchat'><body>x</body></message>", "Cancel NotAcceptable")]
    [InlineData("<message to='cave/crone' type='chat'><body>x</body></message>", "Cancel NotAcceptable")]
    [InlineData("<message to='cave' type='chat'><body>x</body></message>", "Cancel ServiceUnavailable")]
    [InlineData("<message to='none@conference.localhost' type='groupchat'><body>x</body></message>", "Cancel ItemNotFound")]
    [InlineData("<message to='conference.localhost' type='groupchat'><body>x</body></message>", "Cancel ServiceUnavailable")]
    public async Task Message_from_outside_is_refused(string message, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        Assert.Equal(error, await scene.RefusalAsync(await scene.LoginAsync("hag"), message));
        await RoomScene.NothingAsync(crone);
    }

    [Theory]
    [InlineData("<message to='cave/nobody' type='chat'><body>x</body></message>", "Cancel ItemNotFound")]
    [InlineData("<message to='cave/crone' type='groupchat'><body>x</body></message>", "Modify BadRequest")]
    [InlineData("<message to='cave' type='chat'><body>x</body></message>", "Cancel ServiceUnavailable")]
    [InlineData("<message to='cave'><body>x</body></message>", "Cancel ServiceUnavailable")]
    [InlineData("<message to='cave' type='groupchat'><subject>x</subject></message>", "Auth Forbidden")]
    public async Task Message_that_an_occupant_must_not_send_is_refused(string message, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        await scene.EnterAsync("crone");
        Assert.Equal(error, await scene.RefusalAsync(await scene.EnterAsync("hag"), message));
    }

    [Fact]
    public async Task Private_message_comes_to_one_and_is_marked()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(
            hag, $"<message to='cave/crone' type='chat' id='p'><x xmlns='{User}'><status code='301'/></x><body>psst</body></message>");
        Assert.Equal(
            $"<message from='cave/hag' to='{crone.Jid}' type='chat' id='p'><body>psst</body><x xmlns='{User}'/></message>",
            await scene.NextAsync(crone));
        await RoomScene.NothingAsync(hag);
    }

    [Theory]
    [InlineData("crone", false)]
    [InlineData("hag", true)]
    public async Task Subject_changes_by_who_may(string who, bool everybody)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { AllowSubjectChange = everybody });
        var user = await scene.EnterAsync(who);
        await scene.SendAsync(user, "<message to='cave' type='groupchat' id='s'><subject>brew</subject></message>");
        Assert.Equal(
            $"<message from='cave/{who}' to='{user.Jid}' type='groupchat' id='s'><subject>brew</subject></message>",
            await scene.NextAsync(user));
        await scene.SendAsync(user, "<message to='cave' type='groupchat' id='t'><subject/></message>");
        await scene.NextAsync(user);
        Assert.Equal("", (await (await scene.LoginAsync("late")).JoinAsync(scene.Room, "late", cancellationToken: Token)).Subject);
    }

    [Fact]
    public async Task Subject_is_stamped_for_who_comes_later()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
        await using var scene = await RoomScene.StartAsync(
            new TestRoomOptions(), new XmppTestServerOptions { TimeProvider = clock });
        var crone = await scene.EnterAsync("crone");
        await scene.SendAsync(crone, "<message to='cave' type='groupchat' id='s'><subject>brew</subject></message>");
        await scene.NextAsync(crone);
        clock.Advance(TimeSpan.FromHours(1));
        var hag = await scene.LoginAsync("hag");
        await scene.SendAsync(hag, $"<presence to='cave/hag'><x xmlns='{Muc}'/></presence>");
        Assert.Equal(
            $"<message from='cave/crone' to='{hag.Jid}' type='groupchat'><subject>brew</subject>"
                + "<delay xmlns='urn:xmpp:delay' from='cave' stamp='2026-05-01T10:00:00.000Z'/></message>",
            (await scene.NextAsync(hag, 3))[2]);
    }

    [Fact]
    public async Task Only_the_room_speaks_for_the_room()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag");
        await scene.SendAsync(
            hag,
            "<message to='cave' type='groupchat'><body>x</body><delay xmlns='urn:xmpp:delay' from='cave' stamp='2020-01-01T00:00:00Z'/>"
                + "<stanza-id xmlns='urn:xmpp:sid:0' by='cave' id='1'/><stanza-id xmlns='urn:xmpp:sid:0' by='else' id='2'/></message>");
        Assert.Equal(
            $"<message from='cave/hag' to='{hag.Jid}' type='groupchat'><body>x</body>"
                + "<stanza-id xmlns='urn:xmpp:sid:0' by='else' id='2'/></message>",
            await scene.NextAsync(hag));
    }

    [Theory]
    [InlineData("", "1 2 3 4 5")]
    [InlineData("<history/>", "1 2 3 4 5")]
    [InlineData("<history maxstanzas='2'/>", "4 5")]
    [InlineData("<history maxstanzas='0'/>", "")]
    [InlineData("<history maxstanzas='99999999999999999999999999'/>", "1 2 3 4 5")]
    [InlineData("<history maxstanzas='-1'/>", "1 2 3 4 5")]
    [InlineData("<history maxstanzas='many'/>", "1 2 3 4 5")]
    [InlineData("<history maxchars='0'/>", "")]
    [InlineData("<history maxchars='300'/>", "5")]
    [InlineData("<history maxchars='9223372036854775807'/>", "1 2 3 4 5")]
    [InlineData("<history seconds='120'/>", "3 4 5")]
    [InlineData("<history seconds='9223372036854775807'/>", "1 2 3 4 5")]
    [InlineData("<history seconds='0'/>", "5")]
    [InlineData("<history since='2026-05-01T10:03:00Z'/>", "4 5")]
    [InlineData("<history since='2026-05-01T12:03:00+02:00'/>", "4 5")]
    [InlineData("<history since='yesterday'/>", "1 2 3 4 5")]
    [InlineData("<history since='2026-05-01T10:01:00Z' seconds='60' maxstanzas='1'/>", "5")]
    [InlineData("<history since='2026-05-01T10:04:00Z' seconds='120'/>", "5")]
    [InlineData("<history since='2026-05-01T10:01:00Z' seconds='60'/>", "4 5")]
    public async Task History_is_as_much_as_was_asked_for(string history, string expected)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
        await using var scene = await RoomScene.StartAsync(
            new TestRoomOptions(), new XmppTestServerOptions { TimeProvider = clock });
        var crone = await scene.EnterAsync("crone");
        for (var i = 1; i <= 5; i++)
        {
            await scene.SendAsync(crone, $"<message to='cave' type='groupchat' id='{i}'><body>text</body></message>");
            await scene.NextAsync(crone);
            clock.Advance(i == 5 ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
        }

        var hag = await scene.LoginAsync("hag");
        await scene.SendAsync(hag, $"<presence to='cave/hag'><x xmlns='{Muc}'>{history}</x></presence>");
        await scene.NextAsync(hag, 2);
        var ids = new List<string>();
        while (await hag.ReceiveAsync(Token) is { Subject: null } message)
        {
            ids.Add(message.Id!);
        }

        Assert.Equal(expected, string.Join(' ', ids));
    }

    [Fact]
    public async Task History_keeps_what_has_a_body_no_more_than_the_room_does_and_stamped()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
        await using var scene = await RoomScene.StartAsync(
            new TestRoomOptions { HistoryLength = 2 }, new XmppTestServerOptions { TimeProvider = clock });
        var crone = await scene.EnterAsync("crone");
        foreach (var content in new[]
        {
            "<body>one</body>", "<body>two</body>", "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
            "<body>secret</body><no-store xmlns='urn:xmpp:hints'/>", "<store xmlns='urn:xmpp:hints'/>",
        })
        {
            await scene.SendAsync(crone, $"<message to='cave' type='groupchat'>{content}</message>");
            await scene.NextAsync(crone);
        }

        var hag = await scene.LoginAsync("hag");
        await scene.SendAsync(hag, $"<presence to='cave/hag'><x xmlns='{Muc}'/></presence>");
        const string Delay = "<delay xmlns='urn:xmpp:delay' from='cave' stamp='2026-05-01T10:00:00.000Z'/>";
        Assert.Equal(
            [
                $"<message from='cave/crone' to='{hag.Jid}' type='groupchat'><body>two</body>{Delay}</message>",
                $"<message from='cave/crone' to='{hag.Jid}' type='groupchat'><store xmlns='urn:xmpp:hints'/>{Delay}</message>",
            ],
            (await scene.NextAsync(hag, 4))[2..]);
    }

    [Fact]
    public async Task Moderated_room_gives_voice_on_request()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsModerated = true });
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        const string Say = "<message to='cave' type='groupchat'><body>x</body></message>";
        Assert.Equal("Auth Forbidden", await scene.RefusalAsync(hag, Say));
        await scene.SendAsync(hag, $"<message to='cave'>{Voice("")}</message>");
        Assert.Contains($"<field var='muc#jid' type='jid-single'><value>{hag.Jid}</value></field>", await scene.NextAsync(crone));

        // Only moderators grant it.
        await scene.SendAsync(hag, $"<message to='cave'>{Voice(Allow(hag))}</message>");
        await scene.NextAsync(crone);
        Assert.Equal("Auth Forbidden", await scene.RefusalAsync(hag, Say));
        await scene.SendAsync(crone, $"<message to='cave'>{Voice(Allow(hag))}</message>");
        Assert.Contains("<item affiliation='none' role='participant'", await scene.NextAsync(hag));
        await scene.SendAsync(hag, Say);
        Assert.Contains("<body>x</body>", await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Voice_is_not_for_who_is_outside()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsModerated = true });
        Assert.Equal(
            "Cancel NotAcceptable",
            await scene.RefusalAsync(await scene.LoginAsync("hag"), $"<message to='cave'>{Voice("")}</message>"));
    }

    private static string Voice(string fields) =>
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field>"
            + $"{fields}</x>";

    private static string Allow(TestUser user) =>
        $"<field var='muc#jid'><value>{user.Jid}</value></field><field var='muc#request_allow'><value>1</value></field>";
}
