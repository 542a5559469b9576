using XmppChatClient.Rooms;
using XmppChatClient.Testing;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

/// <summary>XEP-0045: who wants to be in a room is there, in each session, and out where somebody meant it.</summary>
public sealed class RoomStayTests
{
    private const string User = "http://jabber.org/protocol/muc#user";
    private const string Bot = "tea@conference.localhost/Bot";

    private static readonly Jid Tea = Jid.Parse("tea@conference.localhost");

    // More than any wait between two attempts.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_session_enters_again_and_asks_for_what_was_said_meanwhile()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        await JoinAsync(live, history: 5, password: "rosebud");
        live.Clock.Advance(TimeSpan.FromSeconds(20));
        await live.Server.SettleAsync();
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        Assert.Empty(Rooms(live).Occupants);
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(TimeSpan.FromSeconds(60));
        var entry = await EntryAsync(live);
        Assert.Contains("<history maxstanzas='5' seconds='60'/><password>rosebud</password>", entry.ToString(), StringComparison.Ordinal);
        live.Server.Send(Own(entry));
        await live.Server.SettleAsync();
        Assert.Equal(Jid.Parse(Bot), Rooms(live).Occupants[Tea]);

        await LeaveAsync(live);
        live.Server.Drop();
        ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        await NothingAskedAsync(live, e => e.Name.LocalName == "presence");
    }

    // What was said while the link was away goes out in order behind the entry, or the room would not take it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_for_the_next_connection_is_heard_in_the_room(bool isResumed)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddRoom("tea");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(Tea, "Juliet", cancellationToken: Token);
        var account = server.AddAccount("bot");
        var options = new XmppClientOptions { Modules = { new RoomModule() } }.UseTestServer(server, account);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(100);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        var rooms = client.Get<RoomModule>();
        await rooms.JoinAsync(Tea, "Bot", history: 0, cancellationToken: Token).WaitAsync(Hang.Limit, Token);
        using var refusal = isResumed ? null : server.Faults.RefuseResume(account);
        server.Faults.DropConnections(account);
        await client.ReadEventsAsync(Token).FirstAsync(e => e is SessionEnded, Token).AsTask().WaitAsync(Hang.Limit, Token);
        string[] expected = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];
        foreach (var body in expected)
        {
            await rooms.SendAsync(Tea, body, Token).AsTask().WaitAsync(Hang.Limit, Token);
        }

        List<string> heard = [];
        while (heard.Count < expected.Length)
        {
            if (await juliet.ReceiveAsync(Token) is { From.Resource: "Bot", Body: { } body })
            {
                heard.Add(body);
            }
        }

        Assert.Equal(expected, heard);
    }

    [Fact]
    public async Task Room_is_asked_until_it_lets_us_in_and_what_is_said_waits_for_that()
    {
        await using var live = LiveClient.Create(o => o.Ensure<RoomModule>());
        Rooms(live).Stay(Tea, "Bot", history: 0);
        await live.Client.ConnectAsync(Token);
        var saying = Rooms(live).SendAsync(Tea, "hello", Token).AsTask();
        var seconds = 1;
        foreach (var condition in (string[])["service-unavailable", "registration-required", "not-authorized"])
        {
            Refuse(live, await EntryAsync(live), condition);
            await PauseAsync(live, seconds);
            Assert.False(saying.IsCompleted);
            seconds *= 2;
        }

        // And where it does not answer at all.
        await EntryAsync(live);
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(30));
        live.Clock.Advance(TimeSpan.FromSeconds(30));
        await PauseAsync(live, seconds);
        var entry = await EntryAsync(live);
        live.Server.Send(Own(entry));
        await saying.WaitAsync(Hang.Limit, Token);
        Assert.Equal("hello", (await live.Server.SentAsync("message")).Elements.ToArray()[0].Text);
    }

    [Fact]
    public async Task Name_that_is_taken_gets_underscores_and_is_asked_for_again_later()
    {
        await using var live = LiveClient.Create(o => o.Ensure<RoomModule>());
        Rooms(live).Stay(Tea, "Bot");
        await live.Client.ConnectAsync(Token);
        foreach (var name in (string[])["Bot", "Bot_", "Bot__", "Bot___"])
        {
            var refused = await EntryAsync(live);
            Assert.Equal($"tea@conference.localhost/{name}", refused.Attribute("to"));
            Refuse(live, refused, "conflict");
        }

        await PauseAsync(live, 1);
        var entry = await EntryAsync(live);
        Assert.Equal(Bot, entry.Attribute("to"));
        Refuse(live, entry, "conflict");
        entry = await EntryAsync(live);
        live.Server.Send(Own(entry));
        await live.Server.SettleAsync();
        Assert.Equal(Tea.WithResource("Bot_"), Rooms(live).Occupants[Tea]);
    }

    [Theory]
    [InlineData("<status code='307'/><item role='none'><reason>too loud</reason></item>", RoomExitReason.Kicked, "too loud")]
    [InlineData("<item affiliation='outcast'/><status code='110'/><status code='301'/>", RoomExitReason.Banned, null)]
    [InlineData("<status code='321'/>", RoomExitReason.NotMember, null)]
    [InlineData("<status code='322'/>", RoomExitReason.NotMember, null)]
    [InlineData("<status code='110'/>", RoomExitReason.Left, null)]
    [InlineData("<destroy jid='cake@conference.localhost'><reason>moved</reason></destroy>", RoomExitReason.Destroyed, "moved")]
    public async Task Who_is_thrown_out_does_not_come_back_and_is_told_why(string status, RoomExitReason reason, string? text)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        await JoinAsync(live);
        live.Server.Send(Gone(status));
        await live.Server.SettleAsync();
        Assert.Empty(Rooms(live).Occupants);
        var exit = Rooms(live).Exits[Tea];
        Assert.Equal((reason, text), (exit.Reason, exit.Text));
        Assert.Equal(reason == RoomExitReason.Destroyed ? Jid.Parse("cake@conference.localhost") : null, exit.Alternate);
        var error = await Assert.ThrowsAsync<RoomExitException>(() => Rooms(live).SendAsync(Tea, "hello", Token).AsTask());
        Assert.Equal((Tea, exit), (error.Room, error.Exit));
        live.Clock.Advance(Long);
        await NothingAskedAsync(live);
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        await NothingAskedAsync(live, e => e.Name.LocalName == "presence");

        await JoinAsync(live);
        Assert.Empty(Rooms(live).Exits);
    }

    // A room that answers late lets us in while we are about to ask it once more.
    [Fact]
    public async Task Who_is_thrown_out_before_another_attempt_does_not_make_it()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        Rooms(live).Stay(Tea, "Bot");
        var entry = await EntryAsync(live);
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(30));
        live.Clock.Advance(TimeSpan.FromSeconds(30));
        await live.Clock.TimerSetAsync(set => set.TotalSeconds is >= 0.5 and <= 1);
        live.Server.Send(Own(entry));
        live.Server.Send(Gone("<status code='307'/>"));
        await live.Server.SettleAsync();
        Assert.Equal(RoomExitReason.Kicked, Rooms(live).Exits[Tea].Reason);
        live.Clock.Advance(Long);
        await NothingAskedAsync(live);
    }

    // Nobody meant it: XEP-0045 §17.3, the way to us was broken, or a restart of the service that nobody told us of.
    [Theory]
    [InlineData("<presence type='unavailable' from='tea@conference.localhost/Bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='332'/></x></presence>")]
    [InlineData("<presence type='unavailable' from='tea@conference.localhost/Bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='307'/><status code='333'/></x></presence>")]
    [InlineData("<message type='error' from='tea@conference.localhost'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    public async Task Who_is_out_by_mistake_comes_back(string stanza)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        await JoinAsync(live);
        live.Server.Send(stanza);
        await live.Server.SettleAsync();
        Assert.Empty(Rooms(live).Occupants);
        var saying = Rooms(live).SendAsync(Tea, "hello", Token).AsTask();
        Assert.False(saying.IsCompleted);
        live.Clock.Advance(TimeSpan.FromSeconds(1));
        live.Server.Send(Own(await EntryAsync(live)));
        await saying.WaitAsync(Hang.Limit, Token);
        await live.Server.SentAsync("message");
    }

    [Theory]
    [InlineData("<message type='error' from='tea@conference.localhost/Mallory'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    [InlineData("<message type='error' from='tea@conference.localhost'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    [InlineData("<message type='error' from='cake@conference.localhost'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    [InlineData("<presence type='unavailable' from='tea@conference.localhost/Mallory'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='332'/></x></presence>")]
    [InlineData("<presence type='error' from='tea@conference.localhost/Bot'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")]
    public async Task What_others_are_told_throws_nobody_out(string stanza)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        await JoinAsync(live);
        live.Server.Send(stanza);
        await live.Server.SettleAsync();
        Assert.Equal(Jid.Parse(Bot), Rooms(live).Occupants[Tea]);
    }

    [Fact]
    public async Task Thousands_who_claim_to_be_us_are_nobody()
    {
        await using var live = await LiveClient.ConnectAsync(o =>
        {
            o.Ensure<RoomModule>();
            o.Limits.Inbox = 3_000;
        });
        live.Server.Send(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"<presence from='room-{i}@mallory.example/Bot'><x xmlns='{User}'><status code='110'/></x></presence>")));
        await live.Server.SettleAsync();
        Assert.Empty(Rooms(live).Occupants);
    }

    [Fact]
    public async Task Banned_while_away_is_banned()
    {
        await using var live = LiveClient.Create(o => o.Ensure<RoomModule>());
        Rooms(live).Stay(Tea, "Bot");
        await live.Client.ConnectAsync(Token);
        Refuse(live, await EntryAsync(live), "forbidden");
        await Assert.ThrowsAsync<RoomExitException>(() => Rooms(live).SendAsync(Tea, "hello", Token).AsTask().WaitAsync(Hang.Limit, Token));
        Assert.Equal(RoomExitReason.Banned, Rooms(live).Exits[Tea].Reason);
        live.Clock.Advance(Long);
        await NothingAskedAsync(live);
        await Rooms(live).LeaveAsync(Tea, cancellationToken: Token);
        Assert.Empty(Rooms(live).Exits);
    }

    [Fact]
    public async Task Leaving_while_entering_ends_that()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        var joining = Rooms(live).JoinAsync(Tea, "Bot", cancellationToken: Token);
        var entry = await EntryAsync(live);
        await Rooms(live).LeaveAsync(Tea, cancellationToken: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => joining);
        await live.Server.SentAsync(e => e.Attribute("to") == Bot && e.Attribute("type") == "unavailable");
        live.Server.Send(Own(entry) + Gone("<status code='110'/>"));
        await live.Server.SettleAsync();
        Assert.Empty(Rooms(live).Occupants);

        Rooms(live).Stay(Tea, "Bot");
        await EntryAsync(live);
        await Rooms(live).LeaveAsync(Tea, cancellationToken: Token);
        await live.Server.SentAsync(e => e.Attribute("to") == Bot && e.Attribute("type") == "unavailable");
        live.Clock.Advance(Long);
        await NothingAskedAsync(live);
    }

    // The room does one thing after the other: in and out again as the first attempt wanted, and in as the second does.
    [Fact]
    public async Task Late_answer_to_an_earlier_attempt_does_not_confuse_the_next()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        var late = Rooms(live).JoinAsync(Tea, "Bot", timeout: TimeSpan.FromSeconds(1), cancellationToken: Token);
        var first = await EntryAsync(live);
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(1));
        live.Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => late.WaitAsync(Hang.Limit, Token));
        var joining = Rooms(live).JoinAsync(Tea, "Bot", cancellationToken: Token);
        var second = await EntryAsync(live);
        live.Server.Send(Own(first) + Gone("<status code='110'/>") + Own(second) + Own(second));
        Assert.Equal(Jid.Parse(Bot), await joining.WaitAsync(Hang.Limit, Token));
        await live.Server.SettleAsync();
        Assert.Equal(Jid.Parse(Bot), Rooms(live).Occupants[Tea]);
        Assert.Empty(Rooms(live).Exits);
    }

    [Fact]
    public async Task Error_of_an_earlier_attempt_is_not_that_of_the_next()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        using var impatience = new CancellationTokenSource();
        var late = Rooms(live).JoinAsync(Tea, "Bot", cancellationToken: impatience.Token);
        var first = await EntryAsync(live);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late.WaitAsync(Hang.Limit, Token));
        var joining = Rooms(live).JoinAsync(Tea, "Bot", cancellationToken: Token);
        var second = await EntryAsync(live);
        Refuse(live, first, "registration-required");
        await live.Server.SettleAsync();
        Assert.False(joining.IsCompleted);
        live.Server.Send(Own(second));
        await joining.WaitAsync(Hang.Limit, Token);
    }

    // The user asks while the module does.
    [Fact]
    public async Task Attempt_of_the_user_takes_the_place_of_the_modules()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        Rooms(live).Stay(Tea, "Bot");
        await EntryAsync(live);
        var joining = Rooms(live).JoinAsync(Tea, "Bot", cancellationToken: Token);
        var entry = await EntryAsync(live);
        Assert.Throws<InvalidOperationException>(() => Rooms(live).Stay(Tea, "Bot"));
        live.Server.Send(Own(entry));
        await joining.WaitAsync(Hang.Limit, Token);
        live.Clock.Advance(Long);
        await NothingAskedAsync(live);
    }

    [Fact]
    public async Task Room_that_does_not_let_us_go_is_left_all_the_same()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<RoomModule>());
        await JoinAsync(live);
        var leaving = Rooms(live).LeaveAsync(Tea, TimeSpan.FromSeconds(1), Token);
        await live.Server.SentAsync(e => e.Attribute("to") == Bot && e.Attribute("type") == "unavailable");
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(1));
        live.Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => leaving.WaitAsync(Hang.Limit, Token));
        Assert.Empty(Rooms(live).Occupants);
    }

    private static RoomModule Rooms(LiveClient live) => live.Client.Get<RoomModule>();

    private static Task<XmppElement> EntryAsync(LiveClient live) =>
        live.Server.SentAsync(e => e.Name.LocalName == "presence" && e.Attribute("type") is null && e.Attribute("to") is not null);

    private static string Own(XmppElement entry) =>
        $"<presence from='{entry.Attribute("to")}' id='{entry.Attribute("id")}'><x xmlns='{User}'><status code='110'/></x></presence>";

    private static string Gone(string status) => $"<presence type='unavailable' from='{Bot}'><x xmlns='{User}'>{status}</x></presence>";

    private static async Task JoinAsync(LiveClient live, int? history = null, string? password = null)
    {
        var joining = Rooms(live).JoinAsync(Tea, "Bot", history, password, cancellationToken: Token);
        live.Server.Send(Own(await EntryAsync(live)));
        await joining.WaitAsync(Hang.Limit, Token);
    }

    private static async Task LeaveAsync(LiveClient live)
    {
        var leaving = Rooms(live).LeaveAsync(Tea, cancellationToken: Token);
        await live.Server.SentAsync(e => e.Attribute("to") == Bot && e.Attribute("type") == "unavailable");
        live.Server.Send(Gone("<status code='110'/>"));
        await leaving.WaitAsync(Hang.Limit, Token);
    }

    private static void Refuse(LiveClient live, XmppElement entry, string condition) => live.Server.Send(
        $"<presence type='error' from='{entry.Attribute("to")}' id='{entry.Attribute("id")}'><error type='cancel'>"
        + $"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");

    // Between two attempts.
    private static async Task PauseAsync(LiveClient live, int most)
    {
        await live.Clock.TimerSetAsync(set => set.TotalSeconds >= most / 2.0 && set.TotalSeconds <= most);
        live.Clock.Advance(TimeSpan.FromSeconds(most));
    }

    // What the client sends until it has dealt with all that came before.
    private static Task NothingAskedAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        return NothingAskedAsync(live, e => e.Attribute("id") == "last");
    }

    private static async Task NothingAskedAsync(LiveClient live, Func<XmppElement, bool> isLast)
    {
        XmppElement sent;
        do
        {
            sent = await live.Server.NextAsync();
            Assert.NotEqual(Tea, Jid.TryParse(sent.Attribute("to"), out var to) ? to.Bare : null);
        }
        while (!isLast(sent));
    }
}
