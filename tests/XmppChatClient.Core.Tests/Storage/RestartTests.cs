using XmppChatClient.Storage;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.Storage;

/// <summary>A process is killed, and another one goes on.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly MemoryStore _store = new();
    private XmppTestServer _server = null!;
    private TestAccount _account = null!;
    private TestUser _juliet = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await XmppTestServer.StartAsync(Token);
        _account = _server.AddAccount("bot");
        _juliet = await _server.LoginAsync("juliet", Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _juliet.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_the_server_has_is_not_sent_again_and_what_it_has_not_is()
    {
        await using var killed = await StartAsync();
        await killed.Client.SendAsync(_juliet.Jid, "1", Token);
        Assert.Equal("1", (await _juliet.ReceiveAsync(Token)).Body);
        _server.Faults.DropConnections(_account);
        await killed.EventAsync<SessionEnded>();

        // Accepted while there is no connection.
        await killed.Client.SendAsync(_juliet.Jid, "2", Token);
        await killed.LoseStoreAsync();

        await using var next = await StartAsync();
        await next.Client.SendAsync(_juliet.Jid, "3", Token);
        Assert.Equal("2", (await _juliet.ReceiveAsync(Token)).Body);
        Assert.Equal("3", (await _juliet.ReceiveAsync(Token)).Body);
        Assert.Contains("<resumed", _server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_of_a_killed_process_starts_anew_for_the_next_one()
    {
        await using var killed = await StartAsync();
        var jid = killed.Client.Jid;
        await killed.KillAsync();
        await using var next = await StartAsync();
        Assert.Equal(jid, next.Client.Jid);
        Assert.False(Assert.IsType<SessionStarted>(next.Seen[0]).Resumed);

        // It is present: the server delivers to the bare address.
        await _juliet.SendAsync(_account.Jid, "hello", Token);
        Assert.Equal("hello", (await next.EventAsync<MessageReceived>()).Message.Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_not_handled_is_handed_out_again_and_what_was_is_not(bool isResumed)
    {
        await using var killed = await StartAsync();
        foreach (var body in new[] { "1", "2", "3" })
        {
            await _juliet.SendAsync(_account.Jid, body, Token);
            await killed.EventAsync<MessageReceived>();
        }

        // In any order: they are of different conversations.
        killed.Seen.OfType<MessageReceived>().ElementAt(1).MarkHandled();
        await killed.Client.SendAsync(_juliet.Jid, "what was marked before this is kept with it", Token);
        await killed.KillAsync();
        using var refusal = isResumed ? null : _server.Faults.RefuseResume();

        await using var next = await StartAsync();

        // The server knows by now that this one is there; else the other, which it might still resume, would be given what comes.
        await LiveClient.SettleAsync(next.Client);
        await _juliet.SendAsync(_account.Jid, "4", Token);
        Assert.Equal("1", (await next.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal("3", (await next.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal("4", (await next.EventAsync<MessageReceived>()).Message.Body);
    }

    [Fact]
    public async Task What_was_received_and_not_kept_comes_again()
    {
        await using var killed = await StartAsync();
        await _juliet.SendAsync(_account.Jid, "1", Token);
        await killed.EventAsync<MessageReceived>();
        await killed.LoseStoreAsync();
        await _juliet.SendAsync(_account.Jid, "2", Token);
        await _juliet.SendAsync(_account.Jid, "3", Token);
        await killed.KillAsync();

        await using var next = await StartAsync();
        Assert.Equal("1", (await next.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal("2", (await next.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal("3", (await next.EventAsync<MessageReceived>()).Message.Body);
        Assert.DoesNotContain(killed.Seen.OfType<MessageReceived>(), m => m.Message.Body == "2");
    }

    [Theory]
    [InlineData(ResendOnLostSession.Never, new[] { "2", "3" })]
    [InlineData(ResendOnLostSession.Always, new[] { "1", "2", "3" })]
    public async Task What_a_lost_session_leaves_is_settled_by_the_next_process(ResendOnLostSession resend, string[] comes)
    {
        await using var killed = await StartAsync();
        await killed.Client.SendAsync(_juliet.Jid, "1", Token);
        Assert.Equal("1", (await _juliet.ReceiveAsync(Token)).Body);
        await killed.KillAsync();
        await using (var offline = BotProcess.Create(_server, _account, _store))
        {
            using var locked = _server.Faults.StripMechanisms();
            await Assert.ThrowsAnyAsync<XmppException>(() => offline.Client.ConnectAsync(Token));

            // In no session, so it cannot have arrived.
            await offline.Client.SendAsync(_juliet.Jid, "2", Token);
        }

        using var refusal = _server.Faults.RefuseResume();
        await using var next = await StartAsync(o => o.StreamManagement.ResendOnLostSession = resend);
        await next.Client.SendAsync(_juliet.Jid, "3", Token);
        foreach (var body in comes)
        {
            Assert.Equal(body, (await _juliet.ReceiveAsync(Token)).Body);
        }
    }

    [Fact]
    public async Task What_is_sent_when_the_client_ends_in_good_order_is_known_and_forgotten()
    {
        await using (var first = await StartAsync())
        {
            await first.Client.SendAsync(_juliet.Jid, "1", Token);
            await first.Client.CloseAsync(Token);
        }

        var left = await _store.OpenAsync(_account.Jid, Token);
        Assert.Empty(left.Messages);
        Assert.Null(left.Session);
    }

    [Fact]
    public async Task What_is_marked_after_the_session_has_ended_is_handled_all_the_same()
    {
        await using (var first = await StartAsync())
        {
            await _juliet.SendAsync(_account.Jid, "1", Token);
            var message = await first.EventAsync<MessageReceived>();
            await first.Client.CloseAsync(Token);
            message.MarkHandled();
        }

        Assert.Null(Assert.Single((await _store.OpenAsync(_account.Jid, Token)).Arrivals).Xml);
    }

    [Fact]
    public async Task Client_that_ends_without_a_connection_leaves_its_session_to_the_next_process()
    {
        await using (var first = await StartAsync(o => o.Reconnect.Enabled = true))
        {
            _server.Faults.DropConnections(_account);
            await first.EventAsync<SessionEnded>();
            using var refused = _server.Faults.StripMechanisms("SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS");
            await first.Client.SendAsync(_juliet.Jid, "1", Token);
            await first.Client.CloseAsync(Token);
        }

        await using var next = await StartAsync();
        Assert.Equal("1", (await _juliet.ReceiveAsync(Token)).Body);
        Assert.Contains("<resumed", _server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_wants_another_resource_begins_a_session_of_its_own()
    {
        await using var killed = await StartAsync();
        await killed.KillAsync();
        await using var next = await StartAsync(o => o.Jid = _account.Jid.WithResource("other"));
        Assert.Equal("other", next.Client.Jid.Resource);
        Assert.DoesNotContain("<resume ", _server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ends_when_its_store_fails_and_says_so_to_whoever_sends()
    {
        var store = new FailingStore();
        await using var bot = await BotProcess.StartAsync(_server, _account, store);
        store.Fails = true;
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => bot.Client.SendAsync(_juliet.Jid, "1", Token).AsTask());
        Assert.Equal("The disk is full.", error.Message);
        Assert.Same(error, (await bot.EventAsync<SessionEnded>()).Error);
        Assert.Same(error, await Assert.ThrowsAsync<XmppStoreException>(() => bot.EventAsync<SessionStarted>()));
    }

    // What the server sends must not fill the memory while the disk stalls.
    [Fact]
    public async Task Store_that_stalls_holds_up_the_server()
    {
        const int Stanzas = 3_000;
        const int MostAtOnce = 1_000;

        // What the login left to be kept may be among them.
        const int Others = 10;
        var store = new StallingStore();
        var server = new MemoryServer { Features = "<sm xmlns='urn:xmpp:sm:3'/>" };
        await using var client = new XmppClient(new XmppClientOptions { Jid = Jid.Parse("example.org"), Connector = server, Store = store });
        var connecting = client.ConnectAsync(Token);
        await server.SentAsync("enable");
        server.Send("<enabled xmlns='urn:xmpp:sm:3'/>");
        await connecting;
        await server.SettleAsync();
        store.Stall();

        // Nobody waits for these answers: that they have come is all there is to keep.
        server.Send(string.Concat(Enumerable.Range(0, Stanzas).Select(i => $"<iq type='result' id='{i}' from='example.org'/>")));
        while (server.Unread > Stanzas - (MostAtOnce - Others))
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        store.GoOn();
        await server.SettleAsync();
        Assert.InRange(store.Largest, (MostAtOnce - Others) / 2, MostAtOnce);
    }

    [Fact]
    public async Task Client_does_not_start_without_its_store()
    {
        await _store.OpenAsync(_account.Jid, Token);
        await using var bot = BotProcess.Create(_server, _account, _store);
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => bot.Client.ConnectAsync(Token));
        Assert.Equal("The store in memory is in use by another client.", error.Message);
        Assert.DoesNotContain("bot", _server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_presence_and_requests_need_a_session()
    {
        await using var bot = await StartAsync();
        using var refusal = _server.Faults.RefuseResume();
        await bot.Client.CloseAsync(Token);
        await Assert.ThrowsAsync<XmppConnectionException>(() => bot.Client.SendAsync(_juliet.Jid, "1", Token).AsTask());
        await Assert.ThrowsAsync<XmppConnectionException>(() => bot.Client.SendAsync(new Presence(), Token).AsTask());
    }

    // A catch-up that hands out what it held back in a session that was lost.
    [Fact]
    public async Task What_came_in_a_lost_session_may_be_handed_out_in_the_next()
    {
        await using var bot = await StartAsync();
        await _juliet.SendAsync(_account.Jid, "1", Token);
        var message = (await bot.EventAsync<MessageReceived>()).Message;
        _server.Faults.LoseSessions(_account);
        bot.Clock.Advance((await bot.EventAsync<SessionEnded>()).RetryIn!.Value);
        await bot.EventAsync<SessionStarted>();
        await bot.Client.HandOutAsync(message, Token);
        Assert.Equal("1", (await bot.EventAsync<MessageReceived>()).Message.Body);
    }

    [Fact]
    public async Task Message_of_an_earlier_process_is_not_handed_out_again()
    {
        await using var killed = await StartAsync();
        await _juliet.SendAsync(_account.Jid, "1", Token);
        var received = await killed.EventAsync<MessageReceived>();
        await received.MarkHandledAsync();
        await killed.KillAsync();
        await using var next = await StartAsync();
        await next.Client.HandOutAsync(received.Message, Token);
        await _juliet.SendAsync(_account.Jid, "2", Token);
        Assert.Equal("2", (await next.EventAsync<MessageReceived>()).Message.Body);
    }

    [Fact]
    public async Task More_than_there_is_room_for_may_be_left_and_the_session_starts_all_the_same()
    {
        await using (var first = await StartAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                await _juliet.SendAsync(_account.Jid, $"{i}", Token);
                await first.EventAsync<MessageReceived>();
            }

            await first.KillAsync();
        }

        // It waits while the bot is away, and comes before the answers that a session starts with.
        await _juliet.SendAsync(_account.Jid, "20", Token);
        await using var next = await StartAsync(o => o.AddStandardModules().Limits.Inbox = 2);
        for (var i = 0; i <= 20; i++)
        {
            Assert.Equal($"{i}", (await next.EventAsync<MessageReceived>()).Message.Body);
        }
    }

    [Fact]
    public async Task Who_waits_for_room_goes_on_when_what_was_queued_is_sent()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { StreamManagement = new TestStreamManagementOptions { Offer = false } }, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var bot = await BotProcess.StartAsync(
            server, server.AddAccount("bot"), _store, o => (o.StreamManagement.Queue, o.StreamManagement.RequestEvery) = (2, 1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => bot.Client.SendAsync(juliet.Jid, $"{i}", Token).AsTask())).Soon();
        for (var i = 0; i < 20; i++)
        {
            await juliet.ReceiveAsync(Token);
        }
    }

    [Fact]
    public async Task Notes_outlive_the_process()
    {
        await using var killed = await StartAsync();
        killed.Client.SetNote("test:a", "1");
        killed.Client.SetNote("test:b", "2");
        killed.Client.SetNote("test:b", null);
        await killed.Client.SendAsync(_juliet.Jid, "kept behind them", Token);
        await killed.KillAsync();
        await using var next = await StartAsync();
        Assert.Equal("1", next.Client.FindNote("test:a"));
        Assert.Null(next.Client.FindNote("test:b"));
    }

    private Task<BotProcess> StartAsync(Action<XmppClientOptions>? configure = null) =>
        BotProcess.StartAsync(_server, _account, _store, configure);

    private sealed class FailingStore : IXmppStore
    {
        private readonly MemoryStore _inner = new();

        public bool Fails { get; set; }

        public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken) =>
            _inner.OpenAsync(account, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken) =>
            Fails ? throw new XmppStoreException("The disk is full.") : _inner.WriteAsync(changes, cancellationToken);

        public ValueTask CloseAsync() => _inner.CloseAsync();
    }

    private sealed class StallingStore : IXmppStore
    {
        private readonly MemoryStore _inner = new();
        private volatile TaskCompletionSource _writes = new();

        public StallingStore() => GoOn();

        /// <summary>How many changes came at once at most.</summary>
        public int Largest { get; private set; }

        public void Stall() => _writes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _writes.SetResult();

        public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken) =>
            _inner.OpenAsync(account, cancellationToken);

        public async ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken)
        {
            Largest = Math.Max(Largest, changes.Count);
            await _writes.Task;
            await _inner.WriteAsync(changes, cancellationToken);
        }

        public ValueTask CloseAsync() => _inner.CloseAsync();
    }
}
