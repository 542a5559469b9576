namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>XEP-0045 §7.8 and XEP-0249: inviting.</summary>
public sealed class RoomInvitationTests
{
    private const string User = "http://jabber.org/protocol/muc#user";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "cave/hag")]
    [InlineData(true, "hag@localhost/b")]
    public async Task Room_passes_invitations_on_and_hides_who_invites_where_it_hides_addresses(bool showsAddresses, string from)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { ShowsAddresses = showsAddresses, Password = "brew" });
        var hag = await scene.LoginAsync("hag/b");
        await hag.JoinAsync(scene.Room, "hag", "brew", Token);
        var hecate = await scene.LoginAsync("hecate");
        await scene.SendAsync(hag, $"<message to='cave' id='i'><x xmlns='{User}'><invite to='hecate@localhost'><reason>come</reason></invite></x></message>");
        Assert.Equal(
            $"<message from='cave' to='hecate@localhost' id='i'><x xmlns='{User}'><invite from='{from}'><reason>come</reason></invite>"
                + "<password>brew</password></x><x xmlns='jabber:x:conference' jid='cave' reason='come'/>"
                + $"<body>{from} invites you to the room cave</body></message>",
            await scene.NextAsync(hecate));
    }

    [Theory]
    [InlineData("cave/hag")]
    [InlineData("hag@localhost")]
    public async Task Room_passes_declining_on(string to)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag");
        var hecate = await scene.LoginAsync("hecate/c");
        await scene.SendAsync(hecate, $"<message to='cave'><x xmlns='{User}'><decline to='{to}'><reason>busy</reason></decline></x></message>");
        Assert.Equal(
            $"<message from='cave' to='{(to == "cave/hag" ? hag.Jid : hag.Jid.Bare)}'><x xmlns='{User}'>"
                + "<decline from='hecate@localhost/c'><reason>busy</reason></decline></x></message>",
            await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Invitation_to_a_room_for_members_makes_a_member()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsMembersOnly = true });
        var crone = await scene.EnterAsync("crone");
        await scene.SendAsync(crone, $"<message to='cave'><x xmlns='{User}'><invite to='hecate@localhost'/></x></message>");
        await scene.NextAsync(crone);
        await scene.EnterAsync("hecate");
    }

    [Fact]
    public async Task Invitation_waits_for_who_is_offline()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag");
        scene.Server.AddAccount("hecate");
        await scene.SendAsync(hag, $"<message to='cave'><x xmlns='{User}'><invite to='hecate@localhost'/></x></message>");
        await RoomScene.NothingAsync(hag);
        var hecate = await scene.LoginAsync("hecate");
        Assert.Contains("<invite from='cave/hag'/>", await scene.NextAsync(hecate));
    }

    [Theory]
    [InlineData(true, "member", "<invite to='hecate@localhost'/>", "Auth Forbidden")]
    [InlineData(false, "outcast", "<invite to='hecate@localhost'/>", "Auth Forbidden")]
    [InlineData(false, "member", "<invite to='@@'/>", "Cancel JidMalformed")]
    [InlineData(false, "member", "<invite/>", "Modify BadRequest")]
    [InlineData(false, "member", "<decline/>", "Modify BadRequest")]
    [InlineData(false, "member", "", "Modify BadRequest")]
    public async Task Invitation_that_is_wrong_or_not_allowed_is_refused(bool membersOnly, string affiliation, string content, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { IsMembersOnly = membersOnly });
        var crone = await scene.LoginAsync("crone");
        var hag = await scene.LoginAsync("hag");
        await scene.AskAsync(
            crone, "set",
            $"<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='hag@localhost' affiliation='{affiliation}'/></query>");
        Assert.Equal(error, await scene.RefusalAsync(hag, $"<message to='cave'><x xmlns='{User}'>{content}</x></message>"));
    }

    [Fact]
    public async Task Direct_invitation_goes_past_the_room()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag");
        var hecate = await scene.LoginAsync("hecate");
        await scene.SendAsync(hag, "<message to='hecate@localhost'><x xmlns='jabber:x:conference' jid='cave' reason='come'/></message>");
        Assert.Equal(
            $"<message from='{hag.Jid}' to='hecate@localhost'><x xmlns='jabber:x:conference' jid='cave' reason='come'/></message>",
            await scene.NextAsync(hecate));
    }
}
