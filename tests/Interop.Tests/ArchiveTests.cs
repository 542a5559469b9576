using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.Receipts;
using XmppChatClient.StanzaIds;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests;

public sealed class ArchiveTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachServer]
    public async Task Archive_is_read_page_by_page_in_both_directions(ServerKind kind)
    {
        await using var romeo = await Accounts.LoginNewAsync(await servers.GetAsync(kind), "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(await servers.GetAsync(kind), "juliet", Token);
        var received = await TalkAsync(romeo, juliet, 7);

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], await ReadAsync(romeo, new ArchiveQuery { PageSize = 3 }));
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], await ReadAsync(juliet, new ArchiveQuery { PageSize = 3, NewestFirst = true }));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], await ReadAsync(juliet, new ArchiveQuery { PageSize = 7 }));

        // A message says itself where it is in the archive of whoever received it.
        var third = StanzaId.Trusted(received[2], juliet.Jid)!;
        Assert.Equal(["4", "5", "6", "7"], await ReadAsync(juliet, new ArchiveQuery { PageSize = 3, Position = third.Id }));
        Assert.Equal(["2", "1"], await ReadAsync(juliet, new ArchiveQuery { PageSize = 1, Position = third.Id, NewestFirst = true }));
        var last = StanzaId.Trusted(received[^1], juliet.Jid)!;
        var nothing = await juliet.Get<ArchiveModule>().ReadPageAsync(new ArchiveQuery { Position = last.Id }, Token);
        Assert.Equal((0, true), (nothing.Messages.Length, nothing.IsComplete));
    }

    [Theory, EachServer]
    public async Task Archive_is_filtered_by_address_and_time(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        await using var nurse = await Accounts.LoginNewAsync(server, "nurse", Token);
        await TalkAsync(romeo, juliet, 2);
        await TalkAsync(nurse, juliet, 1);
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(["1", "2"], await ReadAsync(juliet, new ArchiveQuery { With = romeo.Jid.Bare }));
        Assert.Equal(["1"], await ReadAsync(juliet, new ArchiveQuery { With = nurse.Jid }));
        Assert.Equal(["1", "2", "1"], await ReadAsync(juliet, new ArchiveQuery { Start = now.AddMinutes(-1), End = now.AddMinutes(1) }));
        Assert.Empty(await ReadAsync(juliet, new ArchiveQuery { Start = now.AddMinutes(1) }));
        Assert.Empty(await ReadAsync(juliet, new ArchiveQuery { End = now.AddMinutes(-1) }));
        var first = (await juliet.Get<ArchiveModule>().ReadPageAsync(new ArchiveQuery { PageSize = 1 }, Token)).Messages[0];
        Assert.InRange(first.At!.Value, now.AddMinutes(-1), now.AddMinutes(1));
        Assert.Equal((romeo.Jid, juliet.Jid), (first.Message.From, first.Message.To));
    }

    [Theory, EachServer]
    public async Task Id_that_the_archive_does_not_have(ServerKind kind)
    {
        await using var romeo = await Accounts.LoginNewAsync(await servers.GetAsync(kind), "romeo", Token);
        var reading = ReadAsync(romeo, new ArchiveQuery { Position = "no-such-id" });
        if (kind == ServerKind.Prosody)
        {
            Assert.Equal("no-such-id", (await Assert.ThrowsAsync<ArchiveIdGoneException>(() => reading)).Id);
        }
        else
        {
            // Its ids are times, and any text is one that is early or late.
            Assert.Empty(await reading);
        }
    }

    [Theory, EachServer]
    public async Task Metadata_is_told_where_the_server_knows_it(ServerKind kind)
    {
        await using var romeo = await Accounts.LoginNewAsync(await servers.GetAsync(kind), "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(await servers.GetAsync(kind), "juliet", Token);
        var received = await TalkAsync(romeo, juliet, 2);
        var metadata = await juliet.Get<ArchiveModule>().MetadataAsync(cancellationToken: Token);
        Assert.Equal(kind == ServerKind.Prosody, metadata is not null);
        if (metadata is not null)
        {
            Assert.Equal(received.Select(m => StanzaId.Trusted(m, juliet.Jid)!.Id), [metadata.Oldest!.Id, metadata.Newest!.Id]);
        }
    }

    [Theory, EachServer]
    public async Task Archive_of_a_room_is_read(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        var room = Jid.Parse($"room-{Guid.NewGuid():N}@{server.ConferenceDomain}");
        await CreateRoomAsync(romeo, room);
        Message? third = null;
        for (var i = 1; i <= 5; i++)
        {
            await romeo.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = $"{i}" }, Token);
            var back = await romeo.NextAsync<MessageReceived>(m => m.Message.Body == $"{i}", Token);
            third = i == 3 ? back.Message : third;
        }

        Assert.Equal(["1", "2", "3", "4", "5"], await ReadAsync(romeo, new ArchiveQuery { Archive = room, PageSize = 2 }));
        Assert.Equal(["5", "4", "3", "2", "1"], await ReadAsync(juliet, new ArchiveQuery { Archive = room, PageSize = 2, NewestFirst = true }));
        var id = StanzaId.Trusted(third!, romeo.Jid)!;
        Assert.Equal(room, id.By);
        Assert.Equal(["4", "5"], await ReadAsync(romeo, new ArchiveQuery { Archive = room, Position = id.Id }));
        await Assert.ThrowsAsync<XmppStanzaException>(
            () => ReadAsync(romeo, new ArchiveQuery { Archive = Jid.Parse($"no-such-room@{server.ConferenceDomain}") }));
    }

    [Theory, EachServer]
    public async Task Delivery_is_confirmed(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        var receipts = romeo.Get<ReceiptsModule>();
        await receipts.DeliverAsync(new Message { To = juliet.Jid, Type = MessageType.Chat, Body = "Hark!" }, Token);
        await receipts.DeliverAsync(new Message { To = juliet.Jid.Bare, Body = "Hark!" }, Token);
        var refused = await Assert.ThrowsAsync<XmppStanzaException>(() => receipts.DeliverAsync(
            new Message { To = Jid.Parse($"nobody-at-all@{server.Domain}"), Type = MessageType.Chat, Body = "Hark!" }, Token));
        Assert.Equal(StanzaErrorCondition.ServiceUnavailable, refused.Error.Condition);
    }

    // On ejabberd some of these wait offline too, on Prosody all do.
    [Theory, EachServer]
    public async Task What_was_missed_is_caught_up_with(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        var juliet = await Accounts.LoginNewAsync(server, "juliet", Token, o => o.Ensure<CatchUpModule>());
        await TalkAsync(romeo, juliet, 2);
        var position = juliet.Get<CatchUpModule>().Position;
        await juliet.DisposeAsync();
        var expected = Enumerable.Range(1, 120).Select(i => $"missed {i}").ToList();
        foreach (var body in expected)
        {
            await romeo.SendAsync(juliet.Jid.Bare, body, Token);
        }

        await romeo.Get<PingModule>().PingAsync(cancellationToken: Token);
        var options = Accounts.Options(server, juliet.Jid.Local!);
        options.Ensure<CatchUpModule>().Position = position;
        await using var again = new XmppClient(options);
        await again.ConnectAsync(Token);
        await romeo.SendAsync(juliet.Jid.Bare, "last", Token);
        var received = new List<string>();
        while (received is not [.., "last"])
        {
            received.Add((await again.NextAsync<MessageReceived>(m => m.Message.Body is not null, Token)).Message.Body!);
        }

        Assert.Equal([.. expected, "last"], received);
    }

    /// <summary>Sends that many messages with their numbers as bodies.</summary>
    /// <returns>As they were received.</returns>
    private static async Task<List<Message>> TalkAsync(XmppClient from, XmppClient to, int count)
    {
        var received = new List<Message>();
        for (var i = 1; i <= count; i++)
        {
            await from.SendAsync(to.Jid, $"{i}", Token);
            received.Add((await to.NextAsync<MessageReceived>(m => m.Message.From == from.Jid, Token)).Message);
        }

        return received;
    }

    private static async Task<List<string?>> ReadAsync(XmppClient client, ArchiveQuery query)
    {
        var bodies = new List<string?>();
        await foreach (var message in client.Get<ArchiveModule>().ReadAsync(query, Token))
        {
            // A room's own news, such as its subject, has no body.
            if (message.Message.Body is not null)
            {
                bodies.Add(message.Message.Body);
            }
        }

        return bodies;
    }

    // XEP-0045 §10.1.2: with the settings that the service gives by itself.
    private static async Task CreateRoomAsync(XmppClient client, Jid room)
    {
        const string Muc = "http://jabber.org/protocol/muc";
        await client.SendAsync(
            new Presence { To = room.WithResource("owner"), Payloads = [new XmppElement(new XmlName(Muc, "x"))] }, Token);
        await client.NextAsync<PresenceReceived>(p => p.Presence.From == room.WithResource("owner"), Token);
        await client.RequestAsync(
            new Iq(IqType.Set, XmppElement.Parse($"<query xmlns='{Muc}#owner'><x xmlns='jabber:x:data' type='submit'/></query>")) { To = room },
            cancellationToken: Token);
    }
}
