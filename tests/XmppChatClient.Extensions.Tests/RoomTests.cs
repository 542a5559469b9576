using XmppChatClient.Rooms;
using XmppChatClient.Stanzas;
using XmppChatClient.Testing;

namespace XmppChatClient.Extensions.Tests;

/// <summary>XEP-0045: in, say, hear, out.</summary>
public sealed class RoomTests
{
    private static readonly Jid Tea = Jid.Parse("tea@conference.localhost");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_is_entered_talked_in_and_left()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddRoom("tea");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(Tea, "Juliet", cancellationToken: Token);
        await using var client = await ConnectAsync(server);
        var rooms = client.Get<RoomModule>();
        Assert.Equal("tea@conference.localhost/Bot", (await Soon(rooms.JoinAsync(Tea, "Bot", cancellationToken: Token))).ToString());
        Assert.Equal(Tea.WithResource("Bot"), rooms.Occupants[Tea]);
        await rooms.SendAsync(Tea, "hello", Token);
        Assert.Equal("hello", (await juliet.ReceiveAsync(Token)).Body);
        await juliet.SendAsync(new Message { To = Tea, Type = MessageType.Groupchat, Body = "and you" }, Token);
        var heard = await client.ReadMessagesAsync(Token).Where(m => m.Body is not null).Take(2).ToListAsync(Token).AsTask().WaitAsync(Hang.Limit, Token);
        Assert.Equal(
            [("tea@conference.localhost/Bot", "hello"), ("tea@conference.localhost/Juliet", "and you")],
            heard.Select(m => (m.From!.ToString(), m.Body!)));
        await Soon(rooms.LeaveAsync(Tea, cancellationToken: Token));
        Assert.Empty(rooms.Occupants);
        await Soon(rooms.LeaveAsync(Tea, cancellationToken: Token));
    }

    [Theory]
    [InlineData(0, new string[0])]
    [InlineData(2, new[] { "2", "3" })]
    [InlineData(null, new[] { "1", "2", "3" })]
    public async Task No_more_history_comes_than_was_asked_for(int? history, string[] expected)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddRoom("tea");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(Tea, "Juliet", cancellationToken: Token);
        foreach (var body in (string[])["1", "2", "3"])
        {
            await juliet.SendAsync(new Message { To = Tea, Type = MessageType.Groupchat, Body = body }, Token);
            await juliet.ReceiveAsync(Token);
        }

        await using var client = await ConnectAsync(server);
        await Soon(client.Get<RoomModule>().JoinAsync(Tea, "Bot", history, cancellationToken: Token));
        await juliet.SendAsync(new Message { To = Tea, Type = MessageType.Groupchat, Body = "now" }, Token);
        var heard = await client.ReadMessagesAsync(Token).Where(m => m.Body is not null).TakeWhile(m => m.Body != "now")
            .Select(m => m.Body!).ToListAsync(Token).AsTask().WaitAsync(Hang.Limit, Token);
        Assert.Equal(expected, heard);
    }

    // Others cannot enter a new room of this server before its owner has submitted its form.
    [Fact]
    public async Task New_room_is_open_to_others()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await ConnectAsync(server);
        await Soon(client.Get<RoomModule>().JoinAsync(Tea, "Bot", cancellationToken: Token));
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(Tea, "Juliet", cancellationToken: Token);
    }

    [Fact]
    public async Task Name_that_is_taken_and_wrong_password_are_errors()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddRoom("tea", new TestRoomOptions { Password = "rosebud" });
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(Tea, "Juliet", "rosebud", Token);
        await using var client = await ConnectAsync(server);
        var rooms = client.Get<RoomModule>();
        Assert.Equal(StanzaErrorCondition.NotAuthorized, await RefusedAsync(rooms.JoinAsync(Tea, "Bot", cancellationToken: Token)));
        Assert.Equal(StanzaErrorCondition.Conflict, await RefusedAsync(rooms.JoinAsync(Tea, "Juliet", password: "rosebud", cancellationToken: Token)));
        Assert.Empty(rooms.Occupants);
        await Soon(rooms.JoinAsync(Tea, "Bot", password: "rosebud", cancellationToken: Token));
    }

    [Fact]
    public async Task Room_that_does_not_answer_is_left()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        var joining = live.Client.Get<RoomModule>().JoinAsync(Tea, "Bot", cancellationToken: Token);
        await live.Server.SentAsync(e => e.Attribute("to") == "tea@conference.localhost/Bot");
        await Assert.ThrowsAsync<InvalidOperationException>(() => live.Client.Get<RoomModule>().JoinAsync(Tea, "Bot", cancellationToken: Token));
        live.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => Soon(joining));
        await live.Server.SentAsync(e => e.Attribute("to") == "tea@conference.localhost/Bot" && e.Attribute("type") == "unavailable");
    }

    // §7.2.2: the room may give another name. Others' errors and claims are none of the room's.
    [Fact]
    public async Task Answer_is_the_rooms_own()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        var rooms = live.Client.Get<RoomModule>();
        var joining = rooms.JoinAsync(Tea, "Bot", history: 3, password: "rosebud", cancellationToken: Token);
        var entry = await live.Server.SentAsync(e => e.Attribute("to") == "tea@conference.localhost/Bot");
        Assert.Contains(
            "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='3'/><password>rosebud</password></x>",
            entry.ToString(), StringComparison.Ordinal);
        const string Error = "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        const string User = "http://jabber.org/protocol/muc#user";
        live.Server.Send($"<presence type='error' from='tea@conference.localhost/Other'>{Error}</presence>");
        live.Server.Send($"<presence from='cake@conference.localhost/Bot'><x xmlns='{User}'><status code='110'/></x></presence>");
        live.Server.Send($"<presence from='tea@conference.localhost/Other'><x xmlns='{User}'><item role='participant'/></x></presence>");
        await live.Server.SettleAsync();
        Assert.False(joining.IsCompleted);
        Assert.Empty(rooms.Occupants);
        live.Server.Send($"<presence from='tea@conference.localhost/Bot2'><x xmlns='{User}'><status code='110'/><status code='210'/></x></presence>");
        Assert.Equal(Tea.WithResource("Bot2"), await Soon(joining));

        live.Server.Send($"<presence type='unavailable' from='tea@conference.localhost/Bot2'><x xmlns='{User}'><status code='303'/><status code='110'/></x></presence>");
        live.Server.Send($"<presence from='tea@conference.localhost/Bot3'><x xmlns='{User}'><status code='110'/></x></presence>");
        await live.Server.SettleAsync();
        Assert.Equal(Tea.WithResource("Bot3"), rooms.Occupants[Tea]);
        live.Server.Send("<presence type='unavailable' from='tea@conference.localhost/Other'/>");
        await live.Server.SettleAsync();
        Assert.NotEmpty(rooms.Occupants);
        live.Server.Send($"<presence type='unavailable' from='tea@conference.localhost/Bot3'><x xmlns='{User}'><status code='307'/></x></presence>");
        await live.Server.SettleAsync();
        Assert.Empty(rooms.Occupants);
    }

    [Fact]
    public async Task Lost_session_is_in_no_room()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        var rooms = live.Client.Get<RoomModule>();
        var joining = rooms.JoinAsync(Tea, "Bot", cancellationToken: Token);
        await live.Server.SentAsync(e => e.Attribute("to") == "tea@conference.localhost/Bot");
        live.Server.Drop();
        await Assert.ThrowsAsync<XmppSessionLostException>(() => Soon(joining));
        Assert.Empty(rooms.Occupants);
    }

    private static async Task<StanzaErrorCondition> RefusedAsync(Task<Jid> joining) =>
        (await Assert.ThrowsAsync<XmppStanzaException>(() => Soon(joining))).Error.Condition;

    private static Task Soon(Task task) => task.WaitAsync(Hang.Limit, Token);

    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Hang.Limit, Token);

    private static async Task<XmppClient> ConnectAsync(XmppTestServer server)
    {
        var options = new XmppClientOptions { Modules = { new RoomModule() } }.UseTestServer(server, server.AddAccount("bot"));
        var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        return client;
    }
}
