using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Rooms;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests;

/// <summary>XEP-0045: in, say, hear, out.</summary>
public sealed class RoomTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // New rooms of Prosody are locked until their owner opens them.
    [Theory]
    [EachServer]
    public async Task Two_talk_in_a_new_room_and_leave_it(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var room = new Jid($"room-{Guid.NewGuid():N}", server.ConferenceDomain, null);
        await using var first = await Accounts.LoginNewAsync(server, "first", Token, o => o.Ensure<RoomModule>());
        await using var second = await Accounts.LoginNewAsync(server, "second", Token, o => o.Ensure<RoomModule>());
        Assert.Equal(room.WithResource("First"), await first.Get<RoomModule>().JoinAsync(room, "First", cancellationToken: Token));
        var error = await Assert.ThrowsAsync<XmppStanzaException>(
            () => second.Get<RoomModule>().JoinAsync(room, "First", cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.Conflict, error.Error.Condition);
        await first.Get<RoomModule>().SendAsync(room, "before", Token);
        await HearAsync(first, "First", "before");

        await second.Get<RoomModule>().JoinAsync(room, "Second", history: 0, cancellationToken: Token);
        await second.Get<RoomModule>().SendAsync(room, "hello", Token);
        await HearAsync(first, "Second", "hello");
        await HearAsync(second, "Second", "hello");

        await second.Get<RoomModule>().LeaveAsync(room, cancellationToken: Token);
        Assert.Empty(second.Get<RoomModule>().Occupants);
        await first.NextAsync<PresenceReceived>(
            p => p.Presence.Type == PresenceType.Unavailable && p.Presence.From == room.WithResource("Second"), Token);
    }

    // What was waiting is sent behind the entry, and the room takes it.
    [Theory]
    [EachServer]
    public async Task Lost_session_is_in_the_room_again(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var room = new Jid($"room-{Guid.NewGuid():N}", server.ConferenceDomain, null);
        await using var first = await Accounts.LoginNewAsync(server, "first", Token, o => o.Ensure<RoomModule>());
        await using var second = await Accounts.LoginNewAsync(server, "second", Token, o =>
        {
            o.Ensure<RoomModule>();
            o.StreamManagement.Resume = false;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(100);
        });
        await first.Get<RoomModule>().JoinAsync(room, "First", cancellationToken: Token);
        second.Get<RoomModule>().Stay(room, "Second", history: 0);
        await second.Get<RoomModule>().SendAsync(room, "before", Token);
        await HearAsync(first, "Second", "before");
        await second.AbortAsync(new XmppConnectionException("The cable was cut."));

        // That of the first session may not have been read yet.
        await second.NextAsync<SessionEnded>(_ => true, Token);
        await second.NextAsync<SessionStarted>(s => !s.Resumed, Token);
        await second.Get<RoomModule>().SendAsync(room, "after", Token);
        await HearAsync(first, "Second", "after");
    }

    [Theory]
    [EachServer]
    public async Task Thrown_out_is_told_why(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var room = new Jid($"room-{Guid.NewGuid():N}", server.ConferenceDomain, null);
        await using var owner = await Accounts.LoginNewAsync(server, "owner", Token, o => o.Ensure<RoomModule>());
        await using var guest = await Accounts.LoginNewAsync(server, "guest", Token, o => o.Ensure<RoomModule>());
        var rooms = guest.Get<RoomModule>();
        await owner.Get<RoomModule>().JoinAsync(room, "Owner", cancellationToken: Token);
        await rooms.JoinAsync(room, "Guest", cancellationToken: Token);
        await AskAsync("admin", "<item nick='Guest' role='none'><reason>too loud</reason></item>");
        await GoneAsync();
        Assert.Equal(new RoomExit(RoomExitReason.Kicked, "too loud"), rooms.Exits[room]);
        await Assert.ThrowsAsync<RoomExitException>(() => rooms.SendAsync(room, "hello", Token).AsTask());

        await rooms.JoinAsync(room, "Guest", cancellationToken: Token);
        Assert.Empty(rooms.Exits);
        await AskAsync("admin", $"<item jid='{guest.Jid.Bare}' affiliation='outcast'/>");
        await GoneAsync();
        Assert.Equal(RoomExitReason.Banned, rooms.Exits[room].Reason);
        await AskAsync("admin", $"<item jid='{guest.Jid.Bare}' affiliation='none'/>");

        await rooms.JoinAsync(room, "Guest", cancellationToken: Token);
        await AskAsync("owner", $"<destroy jid='other@{server.ConferenceDomain}'><reason>moved</reason></destroy>");
        await GoneAsync();
        Assert.Equal(
            new RoomExit(RoomExitReason.Destroyed, "moved", Jid.Parse($"other@{server.ConferenceDomain}")), rooms.Exits[room]);

        Task AskAsync(string what, string payload) => owner.RequestAsync(
            new Iq(IqType.Set, XmppElement.Parse($"<query xmlns='http://jabber.org/protocol/muc#{what}'>{payload}</query>")) { To = room },
            cancellationToken: Token);

        Task GoneAsync() => guest.NextAsync<PresenceReceived>(
            p => p.Presence.Type == PresenceType.Unavailable && p.Presence.From == room.WithResource("Guest"), Token);
    }

    private static Task<MessageReceived> HearAsync(XmppClient client, string nick, string body) => client.NextAsync<MessageReceived>(
        m => m.Message.Body is not null && (m.Message.From!.Resource, m.Message.Body) == (nick, body), Token);
}
