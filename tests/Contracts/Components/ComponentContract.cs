using XmppChatClient.Disco;
using XmppChatClient.Ping;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Contracts;

/// <summary>What a component does, and what its server makes of it: derive a class for a server.</summary>
public abstract class ComponentContract
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_addresses_of_one_domain_are_written_to_and_answer()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        foreach (var address in new[] { "riddle@{0}", "riddle@{0}/desk", "score@{0}", "{0}" })
        {
            var to = bot.Address(address);
            await juliet.SendAsync(to, $"to {to}", Token);
            var answer = await NextAsync<MessageReceived>(juliet, m => m.Message.Body is not null);
            Assert.Equal($"{to}: to {to}", answer.Message.Body);
            Assert.Equal(to, answer.Message.From);
        }
    }

    [Fact]
    public async Task Domain_and_its_addresses_say_what_they_are()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        var domain = await juliet.Get<DiscoModule>().GetInfoAsync(bot.Domain, cancellationToken: Token);
        Assert.Equal(("component", "generic"), (domain.Identities[0].Category, domain.Identities[0].Type));
        Assert.Contains("urn:xmpp:ping", domain.Features);
        var riddle = await juliet.Get<DiscoModule>().GetInfoAsync(bot.Address("riddle@{0}"), cancellationToken: Token);
        Assert.Equal(("client", "bot"), (riddle.Identities[0].Category, riddle.Identities[0].Type));
        Assert.Empty((await juliet.Get<DiscoModule>().GetItemsAsync(bot.Domain, cancellationToken: Token)).Items);
        Assert.NotNull(await juliet.Get<SoftwareVersionModule>().GetAsync(bot.Address("riddle@{0}/desk"), Token));
        await juliet.Get<PingModule>().PingAsync(bot.Domain, cancellationToken: Token);
        var unknown = await Assert.ThrowsAsync<XmppStanzaException>(() => juliet.RequestAsync(
            new Iq(IqType.Get, new XmppElement(new XmlName("urn:example", "q"))) { To = bot.Domain }, cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.ServiceUnavailable, unknown.Error.Condition);
        Assert.Equal(bot.Domain, unknown.From);
    }

    [Fact]
    public async Task Presence_is_the_components_own_affair()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        var riddle = bot.Address("riddle@{0}");
        await juliet.SendAsync(new Presence { To = riddle, Type = PresenceType.Subscribe }, Token);
        var asked = await bot.PresenceAsync(p => p.Type == PresenceType.Subscribe);
        Assert.Equal((juliet.Jid.Bare, riddle), (asked.From, asked.To));
        await bot.Client.SendAsync(new Presence { From = riddle, To = asked.From, Type = PresenceType.Subscribed }, Token);
        await bot.Client.SendAsync(new Presence { From = riddle, To = asked.From, Status = "thinking" }, Token);
        var seen = await NextAsync<PresenceReceived>(juliet, p => p.Presence.From == riddle && p.Presence.Type == PresenceType.Available);
        Assert.Equal("thinking", seen.Presence.Status);
    }

    [Fact]
    public async Task Component_asks_and_is_answered()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        var answer = await bot.Client.RequestAsync(
            new Iq(IqType.Get, new PingRequest()) { From = bot.Address("riddle@{0}/desk"), To = juliet.Jid }, cancellationToken: Token);
        Assert.Equal(bot.Address("riddle@{0}/desk"), answer.To);
        var version = await bot.Client.Get<SoftwareVersionModule>().GetAsync(juliet.Jid, Token);
        Assert.NotNull(version);

        // How it finds out whether its server is there.
        await bot.Client.Get<PingModule>().PingAsync(bot.Domain, cancellationToken: Token);
    }

    [Fact]
    public async Task One_address_writes_to_another_and_hears_of_errors()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        var (riddle, score) = (bot.Address("riddle@{0}"), bot.Address("score@{0}"));
        await bot.Client.SendAsync(new Message { From = score, To = score, Body = "nobody else's affair" }, Token);
        await bot.Client.SendAsync(new Message { To = score, Body = "from the domain" }, Token);
        Assert.Equal("from the domain", (await bot.MessageAsync(m => m.Body is not null)).Body);
        await bot.Client.SendAsync(
            new Message { From = riddle, To = score, Type = MessageType.Normal, Body = "just a note" }, Token);
        var received = await bot.MessageAsync(m => m.Body == "just a note");
        Assert.Equal((riddle, score), (received.From, received.To));

        var error = await Assert.ThrowsAsync<XmppStanzaException>(() => bot.Client.RequestAsync(
            new Iq(IqType.Get, new PingRequest()) { From = riddle, To = juliet.Jid.Bare.WithResource("nobody") }, cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.ServiceUnavailable, error.Error.Condition);
    }

    [Fact]
    public async Task Addresses_in_a_room_hear_each_other_and_answer_not_themselves()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        var room = Jid.Parse($"{Guid.NewGuid():N}@{Rooms}");
        await EnterAsync(juliet, room.WithResource("juliet"), from: null);
        await NextAsync<PresenceReceived>(juliet, p => p.Presence.From == room.WithResource("juliet"));
        await juliet.RequestAsync(
            new Iq(IqType.Set, XmppElement.Parse(
                "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>"))
            { To = room },
            cancellationToken: Token);
        var riddle = bot.Address("riddle@{0}/tavern");
        await EnterAsync(bot.Client, room.WithResource("riddle"), riddle);
        await bot.PresenceAsync(p => p.From == room.WithResource("riddle") && p.To == riddle);
        await juliet.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = "hello" }, Token);
        await bot.MessageAsync(m => m.Body == "hello");
        await NextAsync<MessageReceived>(juliet, m => m.Message.Body == $"{riddle}: hello");
        await juliet.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = "bye" }, Token);

        // Its own answer came before that, and was not handed out.
        Assert.Equal("bye", (await bot.MessageAsync(m => m is { Type: MessageType.Groupchat, Body: not null })).Body);
    }

    [Fact]
    public async Task Hundred_users_worth_of_requests_are_all_answered()
    {
        await using var bot = await StartAsync();
        await using var juliet = await LoginAsync("juliet");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100),
            new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = Token },
            async (number, token) => await juliet.Get<PingModule>()
                .PingAsync(bot.Address($"user{number}@{{0}}/x"), cancellationToken: token));
    }

    [Fact]
    public async Task Wrong_secret_is_refused()
    {
        var options = await ComponentAsync();
        options.Secret += "!";
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token));
        Assert.Equal("not-authorized", error.Condition);
    }

    [Fact]
    public async Task Unknown_domain_is_refused()
    {
        var options = await ComponentAsync();
        options.Domain = "stranger.test";
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAnyAsync<XmppException>(() => client.ConnectAsync(Token));
        Assert.Equal(Unknown, (error as XmppStreamException)?.Error.Condition ?? StreamErrorCondition.NotAuthorized);
        Assert.True(error is XmppStreamException or XmppAuthenticationException);
        Assert.Contains("stranger.test", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Stop_closes_the_stream_and_the_next_start_is_let_in()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var bot = await StartAsync();
            await bot.Client.Get<PingModule>().PingAsync(bot.Domain, cancellationToken: Token);
        }
    }

    // What the client never sends: the test server must not let it pass either.
    [Theory]
    [InlineData("<message from='riddle@elsewhere.test' to='{0}'><body>forged</body></message>")]
    [InlineData("<message to='{0}'><body>from nobody</body></message>")]
    public async Task Server_ends_the_stream_of_a_forger(string stanza)
    {
        var options = await ComponentAsync();
        var condition = await RawComponent.ForgeAsync(options, stanza.Replace("{0}", options.Domain, StringComparison.Ordinal));
        Assert.Equal(stanza.Contains("from=", StringComparison.Ordinal) ? "invalid-from" : WithoutSender, condition);
    }

    /// <summary>What the server says to a component that it does not know.</summary>
    private protected virtual StreamErrorCondition Unknown => StreamErrorCondition.HostUnknown;

    /// <summary>What it says to a stanza without a sender.</summary>
    private protected virtual string WithoutSender => "invalid-from";

    /// <summary>Where rooms are.</summary>
    private protected abstract string Rooms { get; }

    /// <summary>How to be the component: the only one of its domain at a time.</summary>
    private protected abstract Task<XmppComponentOptions> ComponentAsync();

    /// <summary>A user of the server, online.</summary>
    private protected abstract Task<XmppClient> LoginAsync(string prefix);

    private protected async Task<ComponentHost> StartAsync(Action<XmppComponentOptions>? configure = null)
    {
        var options = await ComponentAsync();
        var bot = new ComponentHost(o =>
        {
            (o.Domain, o.Secret, o.Host, o.Port, o.Dialer) = (options.Domain, options.Secret, options.Host, options.Port, options.Dialer);
            o.Timeouts.Connect = o.Timeouts.Handshake = o.Timeouts.Request = Hang.Limit;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(200);
            o.Reconnect.LongestDelay = TimeSpan.FromSeconds(1);
            configure?.Invoke(o);
        });
        await bot.StartAsync();
        return bot;
    }

    private static async Task EnterAsync(XmppClient client, Jid occupant, Jid? from) => await client.SendAsync(
        new Presence { From = from, To = occupant, Payloads = [new XmppElement(new XmlName("http://jabber.org/protocol/muc", "x"))] }, Token);

    private protected static async Task<TEvent> NextAsync<TEvent>(XmppClient client, Func<TEvent, bool> fits)
        where TEvent : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            if (next is TEvent wanted && fits(wanted))
            {
                return wanted;
            }
        }

        throw new InvalidOperationException("The client was closed.");
    }
}
