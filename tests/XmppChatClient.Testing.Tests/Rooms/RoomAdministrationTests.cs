namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>XEP-0045 §8 and §9: roles, affiliations and their lists.</summary>
public sealed class RoomAdministrationTests
{
    private const string User = "http://jabber.org/protocol/muc#user";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kicked_occupant_goes_and_all_see_why()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        var other = await scene.EnterAsync("other");
        await scene.NextAsync(crone, 2);
        await scene.NextAsync(hag);
        Assert.Equal("", await scene.AskAsync(crone, "set", Admin("<item nick='hag' role='none'><reason>enough</reason></item>")));
        const string Cause = "><actor nick='crone'/><reason>enough</reason></item><status code='307'/>";
        foreach (var (user, address, own) in new[]
        {
            (crone, " jid='hag@localhost/b'", ""),
            (other, "", ""),
            (hag, " jid='hag@localhost/b'", "<status code='110'/>"),
        })
        {
            Assert.Equal(
                $"<presence from='cave/hag' to='{user.Jid}' type='unavailable'><x xmlns='{User}'>"
                    + $"<item affiliation='none' role='none'{address}{Cause}{own}</x></presence>",
                await scene.NextAsync(user));
        }

        Assert.Equal("Cancel NotAcceptable", await scene.RefusalAsync(hag, "<message to='cave' type='groupchat'><body>x</body></message>"));
        await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
    }

    [Theory]
    [InlineData("hag", "<item nick='other' role='none'/>", "Cancel NotAllowed")]
    [InlineData("hag", "<item nick='crone' role='none'/>", "Cancel NotAllowed")]
    [InlineData("hag", "<item nick='other' role='moderator'/>", "Cancel NotAllowed")]
    [InlineData("hag", "<item jid='other@localhost' affiliation='member'/>", "Cancel NotAllowed")]
    [InlineData("outside", "<item nick='hag' role='none'/>", "Cancel NotAllowed")]
    [InlineData("outside", "<item jid='other@localhost' affiliation='outcast'/>", "Cancel NotAllowed")]
    [InlineData("crone", "<item nick='nobody' role='none'/>", "Modify ItemNotFound")]
    [InlineData("crone", "<item nick='hag' role='king'/>", "Modify NotAcceptable")]
    [InlineData("crone", "<item jid='a@b' affiliation='king'/>", "Modify NotAcceptable")]
    [InlineData("crone", "<item jid='@@' affiliation='member'/>", "Modify JidMalformed")]
    [InlineData("crone", "<item jid='a@b/c' affiliation='member'/>", "Modify JidMalformed")]
    [InlineData("crone", "<item affiliation='member'/>", "Modify BadRequest")]
    [InlineData("crone", "<item role='none'/>", "Modify BadRequest")]
    [InlineData("crone", "<item nick='hag'/>", "Modify BadRequest")]
    [InlineData("crone", "<item nick='hag' role='none' affiliation='none'/>", "Modify BadRequest")]
    [InlineData("crone", "", "Modify BadRequest")]
    [InlineData("crone", "<item jid='crone@localhost' affiliation='member'/>", "Cancel Conflict")]
    [InlineData("crone", "<item nick='hag' role='none'/><item jid='@@' affiliation='none'/>", "Modify JidMalformed")]
    public async Task Change_that_is_wrong_or_not_allowed_is_refused_and_changes_nothing(string who, string items, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        var other = await scene.EnterAsync("other");
        var outside = await scene.LoginAsync("outside");
        await scene.NextAsync(crone, 2);
        await scene.NextAsync(hag);
        var user = who switch { "crone" => crone, "hag" => hag, _ => outside };
        Assert.Equal(error, await scene.AskAsync(user, "set", Admin(items)));
        foreach (var each in new[] { crone, hag, other })
        {
            await RoomScene.NothingAsync(each);
        }
    }

    [Fact]
    public async Task Role_changes_take_and_give_voice()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        Assert.Equal("", await scene.AskAsync(crone, "set", Admin("<item nick='hag' role='visitor'/>")));
        Assert.Equal(
            $"<presence from='cave/hag' to='hag@localhost/b' id='user-2'><x xmlns='{User}'><item affiliation='none' role='visitor' "
                + "jid='hag@localhost/b'><actor nick='crone'/></item><status code='110'/></x></presence>",
            await scene.NextAsync(hag));
        Assert.Equal("Auth Forbidden", await scene.RefusalAsync(hag, "<message to='cave' type='groupchat'><body>x</body></message>"));
        await scene.AskAsync(crone, "set", Admin("<item nick='hag' role='participant'/>"));
        await scene.NextAsync(hag);
        await scene.SendAsync(hag, "<message to='cave' type='groupchat'><body>x</body></message>");
        Assert.Contains("<body>x</body>", await scene.NextAsync(hag));
    }

    [Fact]
    public async Task New_moderator_kicks_who_has_no_more_than_it()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        var other = await scene.EnterAsync("other/c");
        await scene.NextAsync(hag);
        await scene.AskAsync(crone, "set", Admin("<item nick='hag' role='moderator'/>"));
        Assert.Contains("role='moderator'", Assert.Single(await hag.GotAsync()));

        // Without an affiliation it makes no other moderators, and does nothing to who has more.
        await scene.AskAsync(crone, "set", Admin("<item jid='other@localhost' affiliation='member'/>"));
        Assert.Equal("Cancel NotAllowed", await scene.AskAsync(hag, "set", Admin("<item nick='other' role='none'/>")));
        await scene.AskAsync(crone, "set", Admin("<item jid='other@localhost' affiliation='none'/>"));
        await other.GotAsync();
        Assert.Equal("Cancel NotAllowed", await scene.AskAsync(hag, "set", Admin("<item nick='other' role='moderator'/>")));
        Assert.Equal("Cancel NotAllowed", await scene.AskAsync(hag, "set", Admin("<item nick='crone' role='none'/>")));
        Assert.Equal("", await scene.AskAsync(hag, "set", Admin("<item nick='other' role='none'/>")));
        Assert.Contains("code='307'", await scene.NextAsync(other));
    }

    [Fact]
    public async Task Banned_occupant_goes_and_stays_out_until_forgiven()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='outcast'><reason>bad</reason></item>"));
        Assert.Equal(
            "<presence from='cave/hag' to='hag@localhost/b' type='unavailable'><x xmlns='" + User + "'><item affiliation='outcast' "
                + "role='none' jid='hag@localhost/b'><actor nick='crone'/><reason>bad</reason></item><status code='301'/><status code='110'/></x></presence>",
            await scene.NextAsync(hag));
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => hag.JoinAsync(scene.Room, "hag", cancellationToken: Token));
        Assert.Equal("Auth Forbidden", RoomScene.Name(refused.Error!));
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast' jid='hag@localhost'/></query>",
            await scene.AskAsync(crone, "get", Admin("<item affiliation='outcast'/>")));
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='none'/>"));
        await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
    }

    [Fact]
    public async Task Domain_is_banned_with_all_its_users()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.AskAsync(crone, "set", Admin("<item jid='localhost' affiliation='outcast'/>"));
        Assert.Contains("code='301'", await scene.NextAsync(hag));
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => hag.JoinAsync(scene.Room, "hag", cancellationToken: Token));
        Assert.Equal("Auth Forbidden", RoomScene.Name(refused.Error!));
    }

    [Fact]
    public async Task Affiliations_bring_roles_and_take_them()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        Assert.Equal("", await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='admin'/>")));
        Assert.Contains("<item affiliation='admin' role='moderator'", await scene.NextAsync(hag));
        Assert.Contains("jid='crone@localhost/", await scene.NextAsync(hag));

        // An admin is below owners and beside admins.
        Assert.Equal("Cancel NotAllowed", await scene.AskAsync(hag, "set", Admin("<item jid='crone@localhost' affiliation='none'/>")));
        Assert.Equal("Cancel NotAllowed", await scene.AskAsync(hag, "set", Admin("<item jid='a@b' affiliation='admin'/>")));
        Assert.Equal("Auth Forbidden", await scene.AskAsync(hag, "get", Admin("<item affiliation='owner'/>")));
        Assert.Equal("", await scene.AskAsync(hag, "set", Admin("<item jid='a@b' affiliation='member'/>")));
        await scene.NextAsync(hag);
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='member'/>"));
        Assert.Contains("<item affiliation='member' role='participant'", await scene.NextAsync(hag));
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='a@b'/><item affiliation='member' jid='hag@localhost'/></query>",
            Sorted(await scene.AskAsync(crone, "get", Admin("<item affiliation='member'/>"))));
    }

    [Fact]
    public async Task Affiliation_of_who_is_not_there_is_news_to_moderators()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.AskAsync(crone, "set", Admin("<item jid='a@b' affiliation='member'><reason>old friend</reason></item>"));
        Assert.Equal(
            $"<message from='cave' to='{crone.Jid}'><x xmlns='{User}'><item affiliation='member' role='none' jid='a@b'>"
                + "<reason>old friend</reason></item></x></message>",
            await scene.NextAsync(crone));
        await RoomScene.NothingAsync(hag);
    }

    [Fact]
    public async Task Last_owner_stays_but_may_go_when_another_comes()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        Assert.Equal(
            "Cancel Conflict", await scene.AskAsync(crone, "set", Admin("<item jid='crone@localhost' affiliation='none'/>")));
        Assert.Equal("", await scene.AskAsync(
            crone, "set", Admin("<item jid='hag@localhost' affiliation='owner'/><item jid='crone@localhost' affiliation='none'/>")));
    }

    [Fact]
    public async Task Former_member_of_a_room_for_members_goes()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsMembersOnly = true });
        var crone = await scene.EnterAsync("crone");
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='member'/>"));
        var hag = await scene.EnterAsync("hag");
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='none'/>"));
        Assert.Contains("<status code='321'/><status code='110'/>", await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Occupants_of_a_role_are_listed_to_moderators()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='none' role='participant' jid='hag@localhost/b' nick='hag'/></query>",
            await scene.AskAsync(crone, "get", Admin("<item role='participant'/>")));
        Assert.Equal("Auth Forbidden", await scene.AskAsync(hag, "get", Admin("<item role='participant'/>")));
        Assert.Equal("Auth Forbidden", await scene.AskAsync(hag, "get", Admin("<item affiliation='member'/>")));
        foreach (var wrong in new[] { "", "<item/>", "<item role='king'/>", "<item affiliation='king'/>", "<item role='none' affiliation='none'/>" })
        {
            Assert.Equal("Modify BadRequest", await scene.AskAsync(crone, "get", Admin(wrong)));
        }
    }

    [Fact]
    public async Task Members_of_a_room_that_hides_nobody_know_each_other()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsMembersOnly = true, ShowsAddresses = true });
        var crone = await scene.EnterAsync("crone");
        await scene.AskAsync(crone, "set", Admin("<item jid='hag@localhost' affiliation='member'/>"));
        var hag = await scene.EnterAsync("hag");
        Assert.Contains("jid='crone@localhost'", await scene.AskAsync(hag, "get", Admin("<item affiliation='owner'/>")));
    }

    private static string Admin(string items) => $"<query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query>";

    private static string Sorted(string query)
    {
        var start = query.IndexOf("<item", StringComparison.Ordinal);
        var end = query.LastIndexOf("</query>", StringComparison.Ordinal);
        var items = query[start..end].Split("/>", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        return query[..start] + string.Concat(items.Select(i => $"{i}/>")) + query[end..];
    }
}
