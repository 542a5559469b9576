using System.Threading.Channels;
using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Delay;
using XmppChatClient.Modules;
using XmppChatClient.StanzaIds;
using XmppChatClient.Storage;
using XmppChatClient.Testing;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

public sealed class RoomCatchUpTests
{
    private static readonly XmlName Query = new("urn:xmpp:mam:2", "query");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // With history the room says what was missed a second time.
    [Theory]
    [InlineData(0)]
    [InlineData(null)]
    public async Task Lost_sessions_miss_nothing_that_is_said(int? history)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        await using var bot = await scene.EnterAsync(null, history);
        server.Faults.RefuseResume();
        for (var round = 0; round < 5; round++)
        {
            await bot.SayAsync($"bot {round}", Token);
            scene.Expected.Add($"bot {round}");
            server.Faults.DropConnections(scene.Account);
            await scene.SayAsync(Enumerable.Range(0, 20).Select(i => $"{round}.{i}"));
            await bot.EnteredAsync(round + 2);
        }

        await scene.SayAsync(["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(scene.Expected, bot.Bodies);
    }

    // The archive is asked for what came behind the last message, and once more if its place in it is gone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Next_process_goes_on_where_the_last_one_has_ended(bool idIsGone)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Archive = new ArchiveOptions { PageSize = 3 } }, Token);
        await using var scene = await Scene.StartAsync(server);
        await scene.SayAsync(["old"]);
        IReadOnlyDictionary<Jid, ArchivePlace> positions;
        await using (var first = await scene.EnterAsync(null, history: 0))
        {
            await scene.SayAsync(["seen"]);
            await first.HeardAsync("seen");
            positions = first.Client.Get<CatchUpModule>().RoomPositions;
            Assert.Equal([scene.Room], positions.Keys);
        }

        if (idIsGone)
        {
            positions = new Dictionary<Jid, ArchivePlace> { [scene.Room] = positions[scene.Room] with { Id = "gone" } };
        }

        await scene.SayAsync(Enumerable.Range(0, 10).Select(i => $"missed {i}"));
        await using var second = await scene.EnterAsync(positions);
        await scene.SayAsync(["last"]);
        await second.HeardAsync("last");
        Assert.Equal(idIsGone ? scene.Expected : scene.Expected.Skip(2), second.Bodies);
        var missed = second.Said.First(m => m.Body == "missed 9");
        Assert.Equal((scene.Room.WithResource("juliet"), second.Client.Jid.Bare), (missed.From, missed.To!.Bare));
        Assert.Equal(scene.Room, missed.Get<DelayedDelivery>()?.From);
        Assert.Equal(scene.Room, StanzaId.Trusted(missed, second.Client.Jid)?.By);
    }

    [Fact]
    public async Task Who_has_never_been_in_a_room_gets_its_history_and_misses_nothing_from_then_on()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        await scene.SayAsync(["old"]);
        await using var bot = await scene.EnterAsync(null, history: null);
        await bot.HeardAsync("old");
        server.Faults.RefuseResume();
        server.Faults.DropConnections(scene.Account);
        await scene.SayAsync(["missed"]);
        await bot.HeardAsync("missed");
        await scene.SayAsync(["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(scene.Expected, bot.Bodies);
    }

    // Where there was nothing at first, everything was missed.
    [Fact]
    public async Task First_message_in_a_room_may_be_missed_too()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        await using var live = await LiveClient.ConnectAsync();
        var follower = new ArchiveFollower(() => live.Client, scene.Room);
        follower.Begin();
        var running = follower.CatchUpAsync(Token);
        var asked = await live.Server.SentAsync("iq");
        live.Server.Send($"<iq type='result' id='{asked.Attribute("id")}' from='{scene.Room}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>");
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await scene.SayAsync(["first", "second"]);
        await using var bot = await scene.EnterAsync(
            new Dictionary<Jid, ArchivePlace> { [scene.Room] = follower.Position! }, history: 0);
        await scene.SayAsync(["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(scene.Expected, bot.Bodies);
    }

    // What the room sends as its history needs no second question.
    [Fact]
    public async Task Where_nothing_was_missed_it_is_one_question()
    {
        await using var live = await LiveClient.ConnectAsync();
        var room = Jid.Parse("tea@conference.example.org");
        var follower = new ArchiveFollower(() => live.Client, room) { Position = new ArchivePlace("a", live.Clock.GetUtcNow()) };
        follower.Begin();
        var running = follower.CatchUpAsync(Token);
        var asked = await live.Server.SentAsync("iq");
        Assert.Equal((room.ToString(), "set"), (asked.Attribute("to"), asked.Attribute("type")));
        var history = new Message { From = room.WithResource("juliet"), Payloads = [new DelayedDelivery(DateTimeOffset.UnixEpoch, room)] };
        Assert.True(follower.Take(history, "a"));
        live.Server.Send($"<iq type='result' id='{asked.Attribute("id")}' from='{room}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>");
        await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(follower.Take(history with { Payloads = [] }, "b"));
        Assert.Equal("b", follower.Position?.Id);
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }

    // ejabberd 24.12, in rooms whose archive is off and kept all the same.
    [Theory]
    [InlineData("tea@conference.example.org", false)]
    [InlineData("coffee@conference.example.org", true)]
    public async Task Message_that_the_archive_calls_otherwise_is_the_same(string by, bool isAnother)
    {
        await using var live = await LiveClient.ConnectAsync();
        var room = Jid.Parse("tea@conference.example.org");
        var follower = new ArchiveFollower(() => live.Client, room) { Position = new ArchivePlace("a", live.Clock.GetUtcNow()) };
        follower.Begin();
        await CatchUpAsync("");
        Assert.False(follower.Take(new Message { From = room.WithResource("juliet"), Type = MessageType.Groupchat }, "live"));
        follower.End();
        follower.Begin();
        await CatchUpAsync(
            "<result xmlns='urn:xmpp:mam:2' queryid='{0}' id='kept'><forwarded xmlns='urn:xmpp:forward:0'>"
            + $"<message xmlns='jabber:client' from='{room}/juliet' type='groupchat'><body>b</body>"
            + $"<stanza-id xmlns='urn:xmpp:sid:0' by='{room}' id='kept'/><stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='live'/></message></forwarded></result>");
        Assert.Equal("kept", follower.Position?.Id);
        await live.Client.CloseAsync(Token);
        var received = new List<Message>();
        await foreach (var message in live.Client.ReadMessagesAsync(Token))
        {
            received.Add(message);
        }

        Assert.Equal(isAnother, received.Exists(m => m.Body == "b"));

        async Task CatchUpAsync(string results)
        {
            var running = follower.CatchUpAsync(Token);
            var asked = await live.Server.SentAsync("iq");
            var id = asked.Element(Query)!.Attribute("queryid");
            live.Server.Send($"<message from='{room}'>{results.Replace("{0}", id, StringComparison.Ordinal)}</message>"
                + $"<iq type='result' id='{asked.Attribute("id")}' from='{room}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>");
            await running.WaitAsync(Hang.Limit, Token);
        }
    }

    [Fact]
    public async Task Room_without_an_archive_is_heard_live()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Archive = new ArchiveOptions { Offer = false } }, Token);
        await using var scene = await Scene.StartAsync(server);
        await scene.SayAsync(["old"]);
        foreach (var place in (ArchivePlace?[])[null, new ArchivePlace("a", DateTimeOffset.UnixEpoch)])
        {
            await using var bot = await scene.EnterAsync(
                place is null ? null : new Dictionary<Jid, ArchivePlace> { [scene.Room] = place });
            await scene.SayAsync([$"new, {place?.Id}"]);
            await bot.HeardAsync($"new, {place?.Id}");
            Assert.Equal(scene.Expected, bot.Bodies);
        }
    }

    // Nothing is lost for good: what came live in the session that could not read the archive does not come again, the rest does.
    [Fact]
    public async Task Archive_that_does_not_answer_is_asked_in_the_next_session()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        IReadOnlyDictionary<Jid, ArchivePlace> positions;
        await using (var first = await scene.EnterAsync(null, history: 0))
        {
            await scene.SayAsync(["seen"]);
            await first.HeardAsync("seen");
            positions = first.Client.Get<CatchUpModule>().RoomPositions;
        }

        await scene.SayAsync(["missed"]);
        var fault = server.Faults.AnswerIq(Query, IqFault.Never, scene.Account);
        await using var bot = await scene.EnterAsync(positions, history: 0, o => o.Timeouts.Request = TimeSpan.FromSeconds(1));
        await scene.SayAsync(["live"]);
        await bot.HeardAsync("live");
        fault.Dispose();
        server.Faults.RefuseResume();
        server.Faults.DropConnections(scene.Account);
        await bot.HeardAsync("missed");
        await scene.SayAsync(["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(["live", "missed", "last"], bot.Bodies);
    }

    // The process, or the session, ends before it knows where the archive does.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task First_entry_that_found_no_place_is_where_the_next_goes_on(bool isNewProcess)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        var store = new MemoryStore();
        var fault = server.Faults.AnswerIq(Query, IqFault.Never, scene.Account);
        var bot = await scene.EnterAsync(null, history: 0, o => o.Store = store);
        if (isNewProcess)
        {
            await bot.DisposeAsync();
            fault.Dispose();
            await scene.SayAsync(["1", "2"]);
            bot = await scene.EnterAsync(null, history: 0, o => o.Store = store);
        }
        else
        {
            var resuming = server.Faults.RefuseResume();
            using (server.Faults.Delay(Timeout.InfiniteTimeSpan, scene.Account))
            {
                fault.Dispose();
                await scene.SayAsync(["1", "2"]);
                server.Faults.DropConnections(scene.Account);
            }

            await bot.EnteredAsync(2);
            resuming.Dispose();
        }

        await scene.SayAsync(["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(["1", "2", "last"], bot.Bodies);
        await bot.DisposeAsync();
    }

    // The inbox is full and the connection breaks while what was missed is handed out: all of it is, in the resumed session.
    [Fact]
    public async Task Resumption_in_the_middle_loses_nothing()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var scene = await Scene.StartAsync(server);
        var options = scene.Options(null);
        options.Limits.Inbox = 2;
        var cuts = options.Ensure<CutSignal>();
        await using var bot = new XmppClient(options);
        await bot.ConnectAsync(Token);
        await cuts.NextAsync();
        await bot.SendAsync(Entry(scene.Room), Token);
        await NextAsync(bot, e => e is PresenceReceived { Presence: var p } && p.From == scene.Room.WithResource("bot"));
        await scene.SayAsync(["seen"]);
        await NextAsync(bot, e => e is MessageReceived { Message.Body: "seen" });
        server.Faults.LoseSessions(scene.Account);
        await scene.SayAsync(Enumerable.Range(0, 10).Select(i => $"{i}"));
        await NextAsync(bot, e => e is SessionStarted);
        await bot.SendAsync(Entry(scene.Room), Token);
        await NextAsync(bot, e => e is PresenceReceived { Presence: var p } && p.From == scene.Room.WithResource("bot"));
        var received = new List<string> { await BodyAsync(bot) };
        for (var i = 0; i < 3; i++)
        {
            // Full by then, and somebody waits for room.
            var cut = await cuts.NextAsync();
            server.Faults.DropConnections(scene.Account);
            await cut.WaitAsync(TimeSpan.FromSeconds(30), Token);
            await NextAsync(bot, e => Note(e, received) is SessionStarted { Resumed: true });
        }

        await scene.SayAsync(["last"]);
        while (received is not [.., "last"])
        {
            received.Add(await BodyAsync(bot));
        }

        Assert.Equal(scene.Expected.Skip(1), received);
    }

    // XEP-0045 §7.2.2: anybody can send such presence, and an archive that is asked learns that we are online.
    [Fact]
    public async Task Room_that_was_not_entered_is_not_asked()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<CatchUpModule>().Position = new ArchivePlace("a", DateTimeOffset.UnixEpoch));
        live.Server.Send("<presence from='room@evil.example/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>");
        live.Server.Send("<message from='room@evil.example/x' type='groupchat'><body>b</body><stanza-id xmlns='urn:xmpp:sid:0' id='a' by='room@evil.example'/></message>");
        Assert.Equal("b", (await live.EventAsync<MessageReceived>()).Message.Body);
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        var sent = new List<XmppElement>();
        while (sent is not [.., var last] || last.Attribute("id") != "last")
        {
            sent.Add(await live.Server.NextAsync());
        }

        Assert.DoesNotContain(sent, e => e.Attribute("to") == "room@evil.example");
        Assert.Empty(live.Client.Get<CatchUpModule>().RoomPositions);
    }

    private static Presence Entry(Jid room) => new()
    {
        To = room.WithResource("bot"),
        Payloads = [XmppElement.Parse("<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>")],
    };

    private static XmppEvent Note(XmppEvent next, List<string> bodies)
    {
        if (next is MessageReceived { Message.Body: { } body })
        {
            bodies.Add(body);
        }

        return next;
    }

    private static async Task<string> BodyAsync(XmppClient client) =>
        ((MessageReceived)await NextAsync(client, e => e is MessageReceived { Message.Body: not null })).Message.Body!;

    private static async Task<XmppEvent> NextAsync(XmppClient client, Func<XmppEvent, bool> fits) =>
        await client.ReadEventsAsync(Token).FirstAsync(fits, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);

    /// <summary>Tells when a connection is given up.</summary>
    private sealed class CutSignal : IXmppModule
    {
        private readonly Channel<Task> _connections = Channel.CreateUnbounded<Task>();

        /// <summary>Ends when the next connection is given up.</summary>
        public async Task<Task> NextAsync() => await _connections.Reader.ReadAsync(Token);

        public void Register(ModuleBuilder module) => module.OnCatchUp(connection =>
        {
            var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.Register(() => cut.TrySetResult());
            _connections.Writer.TryWrite(cut.Task);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>A room, and Juliet in it, who says things.</summary>
    private sealed class Scene(XmppTestServer server, TestUser juliet, Jid room) : IAsyncDisposable
    {
        public Jid Room => room;

        public TestAccount Account { get; } = server.AddAccount("bot");

        public List<string> Expected { get; } = [];

        public static async Task<Scene> StartAsync(XmppTestServer server)
        {
            var room = server.AddRoom("tea");
            var juliet = await server.LoginAsync("juliet", Token);
            await juliet.JoinAsync(room, "juliet", cancellationToken: Token);
            return new Scene(server, juliet, room);
        }

        public XmppClientOptions Options(IReadOnlyDictionary<Jid, ArchivePlace>? positions)
        {
            var options = new XmppClientOptions().UseTestServer(server, Account).AddStandardModules();
            options.Ensure<CatchUpModule>().RoomPositions = positions ?? new Dictionary<Jid, ArchivePlace>();
            options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
            return options;
        }

        public Task<RoomVisitor> EnterAsync(
            IReadOnlyDictionary<Jid, ArchivePlace>? positions, int? history = null, Action<XmppClientOptions>? configure = null)
        {
            var options = Options(positions);
            configure?.Invoke(options);
            return RoomVisitor.EnterAsync(options, room.WithResource("bot"), Token, history);
        }

        public async Task SayAsync(IEnumerable<string> bodies)
        {
            foreach (var body in bodies)
            {
                await juliet.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = body }, Token);
                while ((await juliet.ReceiveAsync(Token)).Body != body)
                {
                }

                Expected.Add(body);
            }
        }

        public ValueTask DisposeAsync() => juliet.DisposeAsync();
    }
}
