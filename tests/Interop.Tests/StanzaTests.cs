using XmppChatClient.Contracts;
using XmppChatClient.Disco;
using XmppChatClient.EntityTime;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.Roster;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Stanzas;
using XmppChatClient.Subscriptions;

namespace XmppChatClient.Interop.Tests;

public abstract class StanzaTests(SharedServers servers, Network network)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Stands before the class of that name, whose clients know sockets only.
    private NetworkAccounts Accounts { get; } = new(network);

    [Theory, EachServer]
    public async Task Message_arrives_as_it_was_written(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        const string Body = "<body> & ]]> \"quotes\" 'and' apostrophes,\ttab\nnew line, ümläut, 日本語, 🎉 \u00A0\u2028";
        await romeo.SendAsync(
            new Message { To = juliet.Jid, Type = MessageType.Chat, Body = Body, Subject = "s", Thread = "t1", Id = "m1" },
            Token);
        var received = await juliet.NextAsync<MessageReceived>(_ => true, Token);
        Assert.Equal(Body, received.Message.Body);
        Assert.Equal("s", received.Message.Subject);
        Assert.Equal("t1", received.Message.Thread);
        Assert.Equal("m1", received.Message.Id);
        Assert.Equal(romeo.Jid, received.Message.From);
        Assert.Equal(MessageType.Chat, received.Message.Type);

        await juliet.ReplyAsync(received.Message, "back", Token);
        var back = await romeo.NextAsync<MessageReceived>(_ => true, Token);
        Assert.Equal("back", back.Message.Body);
        Assert.Equal("t1", back.Message.Thread);
    }

    [Theory, EachServer]
    public async Task Character_that_XML_cannot_carry_is_refused_before_sending(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            async () => await romeo.SendAsync(romeo.Jid, "a\u0001b", Token));
        Assert.Contains("U+0001", refused.Message, StringComparison.Ordinal);
        await romeo.Get<PingModule>().PingAsync(cancellationToken: Token);
    }

    [Theory, EachServer]
    public async Task Message_to_nobody_comes_back_as_an_error(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await romeo.SendAsync(Jid.Parse($"nobody-at-all@{server.Domain}"), "hello?", Token);
        var error = await romeo.NextAsync<MessageReceived>(m => m.Message.Type == MessageType.Error, Token);
        Assert.Equal(StanzaErrorCondition.ServiceUnavailable, error.Message.Error?.Condition);
    }

    [Theory, EachServer]
    public async Task Presence_follows_a_subscription(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(
            server, "juliet", Token, o => o.Ensure<SubscriptionsModule>().Policy = SubscriptionPolicy.AskHandler);
        await romeo.Get<SubscriptionsModule>().SubscribeAsync(juliet.Jid, Token);
        var asked = await juliet.NextAsync<PresenceReceived>(p => p.Presence.Type == PresenceType.Subscribe, Token);
        Assert.Equal(romeo.Jid.Bare, asked.Presence.From);
        await juliet.Get<SubscriptionsModule>().ApproveAsync(romeo.Jid, Token);
        await romeo.NextAsync<PresenceReceived>(p => p.Presence.Type == PresenceType.Subscribed, Token);

        await juliet.SendAsync(new Presence { Show = PresenceShow.Dnd, Status = "in the crypt", Priority = 5 }, Token);
        var seen = await romeo.NextAsync<PresenceReceived>(
            p => p.Presence.From == juliet.Jid && p.Presence.Show == PresenceShow.Dnd, Token);
        Assert.Equal("in the crypt", seen.Presence.Status);
        Assert.Equal(5, seen.Presence.Priority);
        Assert.Equal(RosterSubscription.To, romeo.Get<RosterModule>().Items[juliet.Jid.Bare].Subscription);

        await juliet.CloseAsync(Token);
        await romeo.NextAsync<PresenceReceived>(
            p => p.Presence.From == juliet.Jid && p.Presence.Type == PresenceType.Unavailable, Token);
    }

    [Theory, EachServer]
    public async Task Roster_is_changed_and_fetched_by_version(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        var roster = romeo.Get<RosterModule>();
        var nurse = Jid.Parse($"nurse@{server.Domain}");
        await roster.SetAsync(nurse, "Nurse & <friend>", ["Capulets", "Servants"], Token);

        // The push came before the answer to the change or comes right after it: a ping's answer is behind both.
        await romeo.Get<PingModule>().PingAsync(cancellationToken: Token);
        Assert.Equal("Nurse & <friend>", roster.Items[nurse].Name);
        Assert.Equal(["Capulets", "Servants"], roster.Items[nurse].Groups.Order(StringComparer.Ordinal));
        Assert.NotEqual("", roster.Version);

        await roster.RemoveAsync(nurse, Token);
        await romeo.Get<PingModule>().PingAsync(cancellationToken: Token);
        Assert.False(roster.Items.ContainsKey(nurse));
    }

    [Theory, EachServer]
    public async Task Server_and_peer_answer_requests(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        var domain = Jid.Parse(server.Domain);

        var features = await romeo.Get<DiscoModule>().GetInfoAsync(domain, cancellationToken: Token);
        Assert.Contains("urn:xmpp:ping", features.Features);
        Assert.NotEmpty((await romeo.Get<DiscoModule>().GetItemsAsync(domain, cancellationToken: Token)).Items);
        Assert.False(string.IsNullOrEmpty((await romeo.Get<SoftwareVersionModule>().GetAsync(cancellationToken: Token)).Product));
        Assert.InRange(
            await romeo.Get<EntityTimeModule>().GetAsync(cancellationToken: Token),
            DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));

        await romeo.Get<PingModule>().PingAsync(juliet.Jid, cancellationToken: Token);
        Assert.Equal("XmppChatClient", (await romeo.Get<SoftwareVersionModule>().GetAsync(juliet.Jid, Token)).Product);
        var peer = await romeo.Get<DiscoModule>().GetInfoAsync(juliet.Jid, cancellationToken: Token);
        Assert.Equal(juliet.Features.Order(StringComparer.Ordinal), peer.Features.Order(StringComparer.Ordinal));

        var refused = await Assert.ThrowsAsync<XmppStanzaException>(
            () => romeo.RequestAsync(new Iq(IqType.Get, new RosterQuery()) { To = juliet.Jid }, cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.ServiceUnavailable, refused.Error.Condition);
    }

    [Theory, EachServer]
    public async Task Two_hundred_requests_at_once_are_all_answered(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Token },
            async (_, token) => await romeo.Get<PingModule>().PingAsync(cancellationToken: token));
    }
}
