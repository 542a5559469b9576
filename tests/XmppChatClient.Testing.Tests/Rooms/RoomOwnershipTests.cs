namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>XEP-0045 §10: configuring and destroying.</summary>
public sealed class RoomOwnershipTests
{
    private const string User = "http://jabber.org/protocol/muc#user";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Owner_gets_the_form_with_what_is()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { Title = "A Dark Cave", IsModerated = true });
        var form = await scene.AskAsync(await scene.LoginAsync("crone"), "get", Owner(""));
        Assert.StartsWith(
            "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>"
                + "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
                + "<field var='muc#roomconfig_roomname' type='text-single'><value>A Dark Cave</value></field>", form);
        Assert.Contains("<field var='muc#roomconfig_moderatedroom' type='boolean'><value>1</value></field>", form);
        Assert.Contains(
            "<field var='muc#roomconfig_whois' type='list-single'><value>moderators</value><option><value>moderators</value></option>"
                + "<option><value>anyone</value></option></field>", form);
    }

    [Theory]
    [InlineData("hag", "get", "", "Auth Forbidden")]
    [InlineData("hag", "set", "<destroy/>", "Auth Forbidden")]
    [InlineData("crone", "set", "", "Modify BadRequest")]
    [InlineData("crone", "set", "<x xmlns='jabber:x:data' type='form'/>", "Modify BadRequest")]
    [InlineData("crone", "set", "<x xmlns='jabber:x:data'/>", "Modify BadRequest")]
    [InlineData("crone", "set", "<destroy jid='@@'/>", "Modify BadRequest")]
    public async Task Request_that_is_wrong_or_not_allowed_is_refused(string who, string type, string content, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        Assert.Equal(error, await scene.AskAsync(await scene.EnterAsync(who), type, Owner(content)));
    }

    [Theory]
    [InlineData("<field var='muc#roomconfig_roomname'><value>x</value></field>", "Modify BadRequest")]
    [InlineData("<field var='FORM_TYPE'><value>urn:other</value></field>", "Modify BadRequest")]
    [InlineData("<title>nothing</title>", "Modify BadRequest")]
    public async Task Form_for_something_else_is_refused(string fields, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        Assert.Equal(error, await scene.AskAsync(
            await scene.EnterAsync("crone"), "set", Owner($"<x xmlns='jabber:x:data' type='submit'>{fields}</x>")));
    }

    [Theory]
    [InlineData("moderatedroom", "maybe", "Modify BadRequest")]
    [InlineData("membersonly", "", "Modify BadRequest")]
    [InlineData("whois", "nobody", "Modify BadRequest")]
    [InlineData("maxusers", "0", "Modify BadRequest")]
    [InlineData("maxusers", "-3", "Modify BadRequest")]
    [InlineData("maxusers", "99999999999999999999", "Modify BadRequest")]
    [InlineData("historylength", "all", "Modify BadRequest")]
    [InlineData("passwordprotectedroom", "perhaps", "Modify BadRequest")]
    [InlineData("passwordprotectedroom", "1", "Modify NotAcceptable")]
    public async Task Value_that_a_field_cannot_have_is_refused_and_changes_nothing(string field, string value, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        Assert.Equal(error, await scene.AskAsync(crone, "set", Submit(("roomname", "changed"), (field, value))));
        Assert.DoesNotContain("changed", await scene.AskAsync(crone, "get", Owner("")));
        await RoomScene.NothingAsync(crone);
    }

    [Theory]
    [InlineData("roomname", "x", "<status code='104'/>")]
    [InlineData("whois", "anyone", "<status code='172'/>")]
    [InlineData("whois", "moderators", "")]
    [InlineData("persistentroom", "true", "")]
    [InlineData("maxusers", "none", "")]
    [InlineData("historylength", "2000000000", "<status code='104'/>")]
    [InlineData("unheard_of", "x", "")]
    public async Task Change_is_told_to_all(string field, string value, string codes)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        Assert.Equal("", await scene.AskAsync(crone, "set", Submit((field, value))));
        if (codes.Length > 0)
        {
            Assert.Equal(
                $"<message from='cave' to='{crone.Jid}' type='groupchat'><x xmlns='{User}'>{codes}</x></message>",
                await scene.NextAsync(crone));
        }

        await RoomScene.NothingAsync(crone);
    }

    [Fact]
    public async Task History_grows_no_longer_than_a_limit_whatever_the_form_says()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.LoginAsync("crone");
        await scene.AskAsync(crone, "set", Submit(("historylength", "2000000000")));
        Assert.Contains(
            "<field var='muc#roomconfig_historylength' type='text-single'><value>1000</value></field>",
            await scene.AskAsync(crone, "get", Owner("")));
    }

    [Fact]
    public async Task Room_that_becomes_one_for_members_puts_others_out()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        await scene.AskAsync(crone, "set", Submit(("membersonly", "1")));
        Assert.Equal(
            "<presence from='cave/hag' to='hag@localhost/b' type='unavailable'><x xmlns='" + User + "'>"
                + "<item affiliation='none' role='none' jid='hag@localhost/b'/><status code='322'/><status code='110'/></x></presence>",
            await scene.NextAsync(hag));
    }

    [Fact]
    public async Task Password_is_set_kept_and_taken_away()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.LoginAsync("crone");
        var hag = await scene.LoginAsync("hag");
        await scene.AskAsync(crone, "set", Submit(("passwordprotectedroom", "1"), ("roomsecret", "brew")));
        await scene.AskAsync(crone, "set", Submit(("passwordprotectedroom", "1"), ("roomname", "x")));
        var refused = await Assert.ThrowsAsync<TestServerException>(
            () => hag.JoinAsync(scene.Room, "hag", cancellationToken: Token));
        Assert.Equal("Auth NotAuthorized", RoomScene.Name(refused.Error!));
        await scene.AskAsync(crone, "set", Submit(("roomsecret", "")));
        await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token);
    }

    [Theory]
    [InlineData("submit")]
    [InlineData("cancel")]
    public async Task Form_without_fields_changes_nothing(string type)
    {
        await using var scene = await RoomScene.StartAsync(null);
        var crone = await scene.EnterAsync("crone");
        Assert.Equal("", await scene.AskAsync(crone, "set", Owner($"<x xmlns='jabber:x:data' type='{type}'/>")));
        await RoomScene.NothingAsync(crone);
        await scene.SendAsync(crone, "<message to='cave' type='groupchat'><body>still here</body></message>");
        Assert.Contains("still here", await scene.NextAsync(crone));
    }

    [Fact]
    public async Task Destroyed_room_says_where_to_go_and_is_no_more()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone/a");
        var hag = await scene.EnterAsync("hag/b");
        await scene.NextAsync(crone);
        Assert.Equal("", await scene.AskAsync(crone, "set", Owner("<destroy jid='heath@localhost'><reason>dawn</reason></destroy>")));
        foreach (var user in new[] { crone, hag })
        {
            Assert.Equal(
                $"<presence from='cave/{user.Jid.Local}' to='{user.Jid}' type='unavailable'><x xmlns='{User}'>"
                    + $"<item affiliation='none' role='none' jid='{user.Jid}'/><destroy jid='heath@localhost'><reason>dawn</reason></destroy>"
                    + "<status code='110'/></x></presence>",
                await scene.NextAsync(user));
            await RoomScene.NothingAsync(user);
        }

        Assert.Equal("Cancel ItemNotFound", await scene.RefusalAsync(hag, "<message to='cave' type='groupchat'><body>x</body></message>"));
        Assert.Contains("code='201'", (await hag.JoinAsync(scene.Room, "hag", cancellationToken: Token)).Self.ToString());
    }

    private static string Owner(string content) => $"<query xmlns='http://jabber.org/protocol/muc#owner'>{content}</query>";

    private static string Submit(params (string Name, string Value)[] fields) => Owner(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
            + string.Concat(fields.Select(f => $"<field var='muc#roomconfig_{f.Name}'><value>{f.Value}</value></field>")) + "</x>");
}
