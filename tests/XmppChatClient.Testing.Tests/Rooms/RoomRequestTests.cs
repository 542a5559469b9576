using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>Service discovery of rooms, requests from occupant to occupant (XEP-0045 §6 and §17.2), and XEP-0410.</summary>
public sealed class RoomRequestTests
{
    private const string Info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    private const string Items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
    private const string Ping = "<ping xmlns='urn:xmpp:ping'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_names_the_service_which_lists_its_public_rooms()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions { Title = "A Dark Cave" });
        scene.Server.AddRoom("hidden", new TestRoomOptions { IsPublic = false });
        var hag = await scene.LoginAsync("hag");
        Assert.Contains("jid='conference.localhost'", await scene.AskAsync(hag, "localhost", "get", Items));
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Rooms'/>"
                + "<feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>"
                + "<feature var='http://jabber.org/protocol/muc'/></query>",
            await scene.AskAsync(hag, "conference.localhost", "get", Info));
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='cave' name='A Dark Cave'/></query>",
            await scene.AskAsync(hag, "conference.localhost", "get", Items));
    }

    [Fact]
    public async Task Room_says_what_it_is_and_who_is_in_it()
    {
        await using var scene = await RoomScene.StartAsync(
            new TestRoomOptions { Title = "A Dark Cave", Description = "For witches", IsMembersOnly = true, Password = "brew" });
        var crone = await scene.LoginAsync("crone");
        await crone.JoinAsync(scene.Room, "crone", "brew", Token);
        var info = await scene.AskAsync(await scene.LoginAsync("hag"), "get", Info);
        Assert.Contains("<identity category='conference' type='text' name='A Dark Cave'/>", info);
        foreach (var feature in new[]
        {
            "http://jabber.org/protocol/muc", "muc_persistent", "muc_public", "muc_membersonly", "muc_unmoderated", "muc_semianonymous",
            "muc_passwordprotected",
        })
        {
            Assert.Contains($"<feature var='{feature}'/>", info);
        }

        Assert.Contains("<field var='muc#roominfo_description' type='text-single'><value>For witches</value></field>", info);
        Assert.Contains("<field var='muc#roominfo_occupants' type='text-single'><value>1</value></field>", info);
        Assert.Equal(
            "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='cave/crone' name='crone'/></query>",
            await scene.AskAsync(crone, "get", Items));
    }

    [Theory]
    [InlineData("cave", "get", Ping, "Cancel ServiceUnavailable")]
    [InlineData("cave", "set", Info, "Cancel ServiceUnavailable")]
    [InlineData("cave", "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>", "Cancel ItemNotFound")]
    [InlineData("cave", "get", "<query xmlns='jabber:iq:register'/>", "Cancel ServiceUnavailable")]
    [InlineData("conference.localhost", "get", Ping, "Cancel ServiceUnavailable")]
    [InlineData("conference.localhost", "set", Info, "Cancel ServiceUnavailable")]
    [InlineData("conference.localhost", "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='x'/>", "Cancel ItemNotFound")]
    [InlineData("conference.localhost/x", "get", Ping, "Cancel ServiceUnavailable")]
    [InlineData("none@conference.localhost", "get", Info, "Cancel ItemNotFound")]
    [InlineData("none@conference.localhost/x", "get", Ping, "Cancel ItemNotFound")]
    [InlineData("cave/crone", "get", Ping, "Cancel NotAcceptable")]
    public async Task Request_that_nobody_answers_is_refused(string to, string type, string payload, string error)
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        await scene.EnterAsync("crone");
        Assert.Equal(error, await scene.AskAsync(await scene.LoginAsync("hag"), to, type, payload));
    }

    [Fact]
    public async Task Room_answers_pings_of_oneself()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var hag = await scene.EnterAsync("hag");
        Assert.Equal("", await scene.AskAsync(hag, "cave/hag", "get", Ping));
        Assert.Equal("Cancel ItemNotFound", await scene.AskAsync(hag, "cave/nobody", "get", Ping));
    }

    [Fact]
    public async Task Occupants_ask_each_other_without_learning_addresses()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, $"<iq to='cave/crone' type='get' id='mine'>{Ping}</iq>");
        var asked = await crone.ReceiveXmlAsync(Token);
        Assert.Equal("cave@conference.localhost/hag", asked.Attribute("from"));
        Assert.NotEqual("mine", asked.Attribute("id"));

        // Whoever guesses an id answers nothing in another's name.
        var other = await scene.LoginAsync("other");
        await other.JoinAsync(scene.Room, "other", cancellationToken: Token);
        await scene.NextAsync(crone);
        await scene.NextAsync(hag);
        await scene.SendAsync(other, $"<iq to='cave/hag' type='result' id='{asked.Attribute("id")}'/>");
        await RoomScene.NothingAsync(other);
        await RoomScene.NothingAsync(hag);
        await crone.SendAsync(new Iq(IqType.Result) { To = Jid.Parse(asked.Attribute("from")!), Id = asked.Attribute("id") }, Token);
        Assert.Equal($"<iq from='cave/crone' to='{hag.Jid}' type='result' id='mine'/>", await scene.NextAsync(hag));

        // Once.
        await crone.SendAsync(new Iq(IqType.Result) { To = Jid.Parse(asked.Attribute("from")!), Id = asked.Attribute("id") }, Token);
        await RoomScene.NothingAsync(crone);
        await RoomScene.NothingAsync(hag);
    }

    [Fact]
    public async Task Answer_of_who_refuses_comes_back_as_it_is()
    {
        await using var scene = await RoomScene.StartAsync(new TestRoomOptions());
        var crone = await scene.EnterAsync("crone");
        var hag = await scene.EnterAsync("hag");
        await scene.NextAsync(crone);
        await scene.SendAsync(hag, "<iq to='cave/crone' type='get' id='mine'><query xmlns='jabber:iq:version'/></iq>");
        var asked = await crone.ReceiveXmlAsync(Token);
        await crone.SendXmlAsync(
            $"<iq to='{asked.Attribute("from")}' type='error' id='{asked.Attribute("id")}'>{XmppElement.From(StanzaErrors.ServiceUnavailable)}</iq>", Token);
        Assert.StartsWith($"<iq from='cave/crone' to='{hag.Jid}' type='error' id='mine'><error type='cancel'>", await scene.NextAsync(hag));
    }
}
