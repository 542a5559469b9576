using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Rooms;
using XmppChatClient.Stanzas;

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

    private static Task<MessageReceived> HearAsync(XmppClient client, string nick, string body) => client.NextAsync<MessageReceived>(
        m => m.Message.Body is not null && (m.Message.From!.Resource, m.Message.Body) == (nick, body), Token);
}
