using XmppChatClient.Stanzas;

namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>XEP-0045 §7.2, §7.6, §7.7, §7.14 and §10.1: entering, changing one's nickname and presence, leaving.</summary>
public sealed class RoomEntryTests
{
    private const string Muc = "http://jabber.org/protocol/muc";
    private const string User = "http://jabber.org/protocol/muc#user";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_enters_first_owns_the_room_and_gets_presence_and_subject()
    {
        await using var scene = await RoomScene.StartAsync(null);
        var crone = await scene.LoginAsync("crone/desktop");
        await scene.SendAsync(crone, $"<presence to='cave/first' id='1'><x xmlns='{Muc}'/><show>away</show></presence>");
        Assert.Equal(
            [
                "<presence from='cave/first' to='crone@localhost/desktop' id='1'><show>away</show>"
                    + $"<x xmlns='{User}'><item affiliation='owner' role='moderator' jid='crone@localhost/desktop'/>"
                    + "<status code='201'/><status code='110'/></x></presence>",
                "<message from='cave' to='crone@localhost/desktop' type='groupchat'><subject/></message>",
            ],
            await scene.NextAsync(crone, 2));
    }

    [Fact]
    public async Task Who_enters_sees_the_others_first_then_itself_history_and_subject()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone/a");
        await scene.SendAsync(crone, "<message to='cave' type='groupchat' id='m1'><body>hello</body></message>");
        await scene.SendAsync(crone, "<message to='cave' type='groupchat' id='m2'><subject>brew</subject></message>");
        await scene.NextAsync(crone, 2);
        var hag = await scene.LoginAsync("hag/b");
        var joined = await hag.JoinAsync(scene.Room, "thirdwitch", cancellationToken: Token);
        Assert.Equal("cave@conference.localhost/thirdwitch", joined.Occupant.ToString());
        Assert.Equal(["cave@conference.localhost/crone"], joined.Others.Select(p => p.From!.ToString()));
        Assert.Equal(["m1 hello"], joined.History.Select(m => $"{m.Id} {m.Body}"));
        Assert.Equal("brew", joined.Subject);
        Assert.Equal(
            "<presence from='cave/thirdwitch' to='crone@localhost/a' id='user-2'>"
                + $"<x xmlns='{User}'><item affiliation='none' role='participant' jid='hag@localhost/b'/></x></presence>",
            await scene.NextAsync(crone));
    }

    [Theory]
    [InlineData(false, "<item affiliation='owner' role='moderator'/>", "<status code='110'/>")]
    [InlineData(true, "<item affiliation='owner' role='moderator' jid='crone@localhost/a'/>", "<status code='100'/><status code='110'/>")]
    public async Task Addresses_are_seen_by_all_only_where_the_room_says_so(bool showsAddresses, string other, string own)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { ShowsAddresses = showsAddresses });
        await scene.EnterAsync("crone/a");
        var hag = await scene.LoginAsync("hag/b");
        await scene.SendAsync(hag, $"<presence to='cave/hag'><x xmlns='{Muc}'/></presence>");
        Assert.Equal(
            [
                $"<presence from='cave/crone' to='hag@localhost/b' id='user-2'><x xmlns='{User}'>{other}</x></presence>",
                $"<presence from='cave/hag' to='hag@localhost/b'><x xmlns='{User}'>"
                    + $"<item affiliation='none' role='participant' jid='hag@localhost/b'/>{own}</x></presence>",
            ],
            await scene.NextAsync(hag, 2));
    }

    [Theory]
    [InlineData("<presence to='cave/hag'/>", "Cancel ItemNotFound")]
    [InlineData("<presence to='nowhere@conference.localhost/hag'/>", "Cancel ItemNotFound")]
    [InlineData($"<presence to='cave'><x xmlns='{Muc}'/></presence>", "Modify JidMalformed")]
    [InlineData($"<presence to='new@conference.localhost'><x xmlns='{Muc}'/></presence>", "Modify JidMalformed")]
    [InlineData($"<presence to='cave/  '><x xmlns='{Muc}'/></presence>", "Modify NotAllowed")]
    [InlineData($"<presence to='new@conference.localhost/ '><x xmlns='{Muc}'/></presence>", "Modify NotAllowed")]
    [InlineData($"<presence to='cave/&#x7f;'><x xmlns='{Muc}'/></presence>", "Modify JidMalformed")]
    [InlineData($"<presence to='conference.localhost/hag'><x xmlns='{Muc}'/></presence>", "Cancel ServiceUnavailable")]
    [InlineData($"<presence to='cave/crone'><x xmlns='{Muc}'/></presence>", "Cancel Conflict")]
    public async Task Presence_that_is_no_entry_is_refused(string presence, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        await scene.EnterAsync("crone");
        var hag = await scene.LoginAsync("hag");
        Assert.Equal(error, await scene.RefusalAsync(hag, presence));
        Assert.DoesNotContain("new@", await scene.AskAsync(
            hag, "conference.localhost", "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>"));
    }

    [Fact]
    public async Task Unavailable_or_failed_presence_from_outside_is_nothing()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.LoginAsync("hag");
        await scene.SendAsync(hag, "<presence to='cave/hag' type='unavailable'/><presence to='cave/crone' type='error'/>");
        await RoomScene.NothingAsync(hag);
        await RoomScene.NothingAsync(crone);
    }

    [Fact]
    public async Task Who_leaves_a_room_that_is_not_there_is_told_so()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.LoginAsync("hag");
        await scene.SendAsync(hag, "<presence to='none@conference.localhost/hag' type='unavailable'/>");
        var error = await hag.ReceivePresenceAsync(Token);
        Assert.Equal(StanzaErrorCondition.ItemNotFound, error.Error?.Condition);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Room_with_a_password_lets_in_who_knows_it(string? wrong)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { Password = "cauldronburn" });
        var hag = await scene.LoginAsync("hag");
        var refused = await Assert.ThrowsAsync<TestServerException>(() => hag.JoinAsync(scene.Room, "hag", wrong, Token));
        Assert.Equal("Auth NotAuthorized", RoomScene.Name(refused.Error!));
        Assert.Equal("hag", (await hag.JoinAsync(scene.Room, "hag", "cauldronburn", Token)).Occupant.Resource);
    }

    [Fact]
    public async Task Room_for_members_lets_in_members()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsMembersOnly = true });
        var hag = await scene.LoginAsync("hag");
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => hag.JoinAsync(scene.Room, "hag", cancellationToken: Token));
        Assert.Equal("Auth RegistrationRequired", RoomScene.Name(refused.Error!));
        var crone = await scene.EnterAsync("crone");
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='member'/>"));
        Assert.Single((await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token)).Others);
    }

    [Fact]
    public async Task Full_room_lets_in_only_who_runs_it()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { MaxOccupants = 1 });
        await scene.EnterAsync("hag");
        var other = await scene.LoginAsync("other");
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => other.JoinAsync(scene.Room, "other", cancellationToken: Token));
        Assert.Equal("Wait ResourceConstraint", RoomScene.Name(refused.Error!));
        await scene.EnterAsync("crone");
    }

    [Fact]
    public async Task New_room_lets_others_in_at_once_where_it_is_not_locked()
    {
        await using var scene = await RoomScene.StartAsync(null, new XmppTestServerOptions { LockNewRooms = false });
        await scene.EnterAsync("crone");
        await scene.EnterAsync("hag");
    }

    [Fact]
    public async Task Locked_new_room_lets_nobody_in_before_it_is_configured()
    {
        await using var scene = await RoomScene.StartAsync(null);
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.LoginAsync("hag");
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => hag.JoinAsync(scene.Room, "hag", cancellationToken: Token));
        Assert.Equal("Cancel ItemNotFound", RoomScene.Name(refused.Error!));
        Assert.Equal("", await scene.AskAsync(
            crone, "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>"));
        await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
    }

    [Fact]
    public async Task Another_session_of_the_account_shares_the_nickname()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag/phone");
        var crone = await scene.EnterAsync("crone");
        await scene.NextAsync(hag);
        var second = await scene.LoginAsync("hag/desk");
        await second.GotAsync();
        await hag.GotAsync();
        var joined = await second.JoinAsync(scene.Room, "hag", cancellationToken: Token);
        Assert.Equal("hag", joined.Occupant.Resource);
        Assert.Equal(
            ["<item affiliation='none' role='participant' jid='hag@localhost/phone'/>", "<item affiliation='none' role='participant' jid='hag@localhost/desk'/>"],
            Items(await scene.NextAsync(crone)));

        // One of them going is seen by nobody else.
        await scene.NextAsync(hag);
        await scene.SendAsync(second, "<presence to='cave/hag' type='unavailable'/>");
        Assert.Equal(
            "<presence from='cave/hag' to='hag@localhost/desk' type='unavailable'>"
                + $"<x xmlns='{User}'><item affiliation='none' role='none' jid='hag@localhost/desk'/><status code='110'/></x></presence>",
            await scene.NextAsync(second));
        await RoomScene.NothingAsync(crone);
        await RoomScene.NothingAsync(hag);
    }

    [Fact]
    public async Task Presence_of_an_occupant_goes_to_all_wherever_it_was_sent()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, "<presence to='cave' id='p'><show>dnd</show></presence>");
        Assert.Equal(
            $"<presence from='cave/hag' to='{crone.Jid}' id='p'><show>dnd</show><x xmlns='{User}'>"
                + "<item affiliation='none' role='participant' jid='hag@localhost/b'/></x></presence>",
            await scene.NextAsync(crone));
        Assert.Equal(
            "<presence from='cave/hag' to='hag@localhost/b' id='p'><show>dnd</show><x xmlns='" + User + "'>"
                + "<item affiliation='none' role='participant' jid='hag@localhost/b'/><status code='110'/></x></presence>",
            await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Entering_again_shows_it_all_again()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        Assert.Single((await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token)).Others);
    }

    [Fact]
    public async Task Nickname_changes_as_leaving_and_coming()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, "<presence to='cave/oldhag' id='n'/>");
        Assert.Equal(
            [
                $"<presence from='cave/hag' to='{crone.Jid}' type='unavailable'><x xmlns='{User}'>"
                    + "<item affiliation='none' role='participant' jid='hag@localhost/b' nick='oldhag'/><status code='303'/></x></presence>",
                $"<presence from='cave/oldhag' to='{crone.Jid}' id='n'><x xmlns='{User}'>"
                    + "<item affiliation='none' role='participant' jid='hag@localhost/b'/></x></presence>",
            ],
            await scene.NextAsync(crone, 2));
        Assert.Equal(
            [
                $"<presence from='cave/hag' to='hag@localhost/b' type='unavailable'><x xmlns='{User}'>"
                    + "<item affiliation='none' role='participant' jid='hag@localhost/b' nick='oldhag'/><status code='303'/><status code='110'/></x></presence>",
                $"<presence from='cave/oldhag' to='hag@localhost/b' id='n'><x xmlns='{User}'>"
                    + "<item affiliation='none' role='participant' jid='hag@localhost/b'/><status code='110'/></x></presence>",
            ],
            await scene.NextAsync(hag, 2));
        Assert.Equal("Cancel Conflict", await scene.RefusalAsync(hag, "<presence to='cave/crone'/>"));
        Assert.Equal("Modify NotAllowed", await scene.RefusalAsync(hag, "<presence to='cave/ '/>"));
    }

    [Fact]
    public async Task One_session_of_two_takes_another_nickname_alone()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var phone = await scene.EnterAsync("hag/phone");
        var desk = await scene.LoginAsync("hag/desk");
        await desk.GotAsync();
        await desk.JoinAsync(scene.Room, "hag", cancellationToken: Token);
        await scene.SendAsync(desk, "<presence to='cave/other'/>");
        Assert.Equal(
            $"<presence from='cave/hag' to='hag@localhost/desk' type='unavailable'><x xmlns='{User}'>"
                + "<item affiliation='none' role='participant' jid='hag@localhost/desk' nick='other'/><status code='303'/><status code='110'/></x></presence>",
            await scene.NextAsync(desk));
        var items = await scene.AskAsync(phone, "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
        Assert.Contains("name='hag'", items);
        Assert.Contains("name='other'", items);

        // And back: the two nicknames are one again.
        await scene.SendAsync(desk, "<presence to='cave/hag'/>");
        items = await scene.AskAsync(desk, "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
        Assert.Contains("name='hag'", items);
        Assert.DoesNotContain("name='other'", items);
    }

    [Fact]
    public async Task Who_leaves_is_seen_to_leave_by_all_with_its_last_words()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, "<presence to='cave/hag' type='unavailable'><status>gone</status></presence>");
        const string Rest = " type='unavailable'><status>gone</status><x xmlns='" + User
            + "'><item affiliation='none' role='none' jid='hag@localhost/b'/>";
        Assert.Equal($"<presence from='cave/hag' to='{crone.Jid}'{Rest}</x></presence>", await scene.NextAsync(crone));
        Assert.Equal(
            $"<presence from='cave/hag' to='hag@localhost/b'{Rest}<status code='110'/></x></presence>", await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Session_that_ends_leaves_its_rooms()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await crone.ReceivePresenceAsync(Token);
        await hag.DisposeAsync();
        var gone = await crone.ReceivePresenceAsync(Token);
        Assert.Equal((PresenceType.Unavailable, "hag"), (gone.Type, gone.From!.Resource));
    }

    [Theory]
    [InlineData("<presence to='cave/crone' type='error'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")]
    [InlineData("<message to='cave/crone' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    [InlineData("<message to='cave' type='error'/>")]
    public async Task Who_cannot_be_reached_any_more_is_put_out(string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, error);
        Assert.Contains("<status code='333'/>", await scene.NextAsync(crone));
        Assert.Contains("<status code='333'/><status code='110'/>", await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Error_that_says_nothing_about_being_there_puts_nobody_out()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(
            hag, "<message to='cave/crone' type='error'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        Assert.StartsWith($"<message from='cave/hag' to='{crone.Jid}' type='error'>", await scene.NextAsync(crone));
        await RoomScene.NothingAsync(hag);
    }

    [Fact]
    public async Task Room_that_nobody_keeps_ends_with_its_last_occupant()
    {
        await using var scene = await RoomScene.StartAsync(null);
        var crone = await scene.EnterAsync("crone");
        await scene.SendAsync(crone, "<message to='cave' type='groupchat'><body>old</body></message>");
        await scene.SendAsync(crone, "<presence to='cave/crone' type='unavailable'/>");
        await scene.NextAsync(crone, 2);
        var joined = await (await scene.LoginAsync("hag")).JoinAsync(scene.Room, "hag", cancellationToken: Token);
        Assert.Empty(joined.History);
        Assert.Contains("code='201'", joined.Self.ToString());
    }

    [Fact]
    public async Task Room_that_is_kept_stays_with_all_that_was_said()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        await scene.SendAsync(crone, "<message to='cave' type='groupchat'><body>old</body></message>");
        await scene.SendAsync(crone, "<presence to='cave/crone' type='unavailable'/>");
        await scene.NextAsync(crone, 2);
        Assert.Single((await (await scene.LoginAsync("hag")).JoinAsync(scene.Room, "hag", cancellationToken: Token)).History);
    }

    [Fact]
    public async Task Probe_shows_whether_one_is_there()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, "<presence to='cave/crone' type='probe'/>");
        Assert.StartsWith($"<presence from='cave/crone' to='{hag.Jid}'", await scene.NextAsync(hag));
        await scene.SendAsync(hag, "<presence to='cave/nobody' type='probe'/>");
        await RoomScene.NothingAsync(hag);
        Assert.Equal(
            "Cancel NotAcceptable", await scene.RefusalAsync(await scene.LoginAsync("other"), "<presence to='cave/hag' type='probe'/>"));
    }

    [Fact]
    public async Task Join_takes_only_what_belongs_to_it()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.LoginAsync("hag");
        var other = await scene.LoginAsync("other");
        await other.SendAsync(hag.Jid, "before", Token);
        await RoomScene.NothingAsync(other);
        await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
        Assert.Equal("before", (await hag.ReceiveAsync(Token)).Body);
        await Assert.ThrowsAsync<ArgumentException>(() => hag.JoinAsync(scene.Room, "", cancellationToken: Token));
    }

    [Fact]
    public async Task Room_is_added_once()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        Assert.Equal("conference.localhost", scene.Server.Rooms.ToString());
        Assert.Throws<InvalidOperationException>(() => scene.Server.AddRoom("cave"));
        Assert.Throws<ArgumentException>(() => scene.Server.AddRoom("ca ve"));
    }

    private static string Admin(string items) => $"<query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query>";

    private static string[] Items(string presence) =>
        [.. presence.Split('<').Where(p => p.StartsWith("item", StringComparison.Ordinal)).Select(p => $"<{p}")];
}
