using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Delay;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests;

/// <summary>Rooms that somebody is out of for a while, and that others go on talking in.</summary>
public sealed class RoomCatchUpTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // With its history the room says most of it a second time.
    [Theory]
    [InlineData(ServerKind.Prosody, 0)]
    [InlineData(ServerKind.Prosody, null)]
    [InlineData(ServerKind.Ejabberd, 0)]
    [InlineData(ServerKind.Ejabberd, null)]
    public async Task Lost_sessions_miss_nothing_that_is_said(ServerKind kind, int? history)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await CreateRoomAsync(server);
        await using var bot = await EnterAsync(server, romeo, history);
        var expected = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            await SayAsync(romeo, expected, [$"{round}: seen"]);
            await bot.HeardAsync($"{round}: seen");
            expected.Add($"{round}: own");
            await bot.SayAsync($"{round}: own", Token);
            await SayAsync(romeo, expected, Enumerable.Range(0, 10).Select(i => $"{round}: cutting {i}"), async i =>
            {
                if (i == 5)
                {
                    await bot.Client.AbortAsync(new XmppConnectionException("The cable was cut."));
                }
            });
            await SayAsync(romeo, expected, Enumerable.Range(0, 25).Select(i => $"{round}: {i}"));
            await bot.EnteredAsync(round + 2);
        }

        await SayAsync(romeo, expected, ["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(expected, bot.Bodies);
    }

    [Theory, EachServer]
    public async Task Next_process_goes_on_where_the_last_one_has_ended(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await CreateRoomAsync(server);
        var expected = new List<string>();
        IReadOnlyDictionary<Jid, ArchivePlace> positions;
        string user;
        await using (var first = await EnterAsync(server, romeo, history: null))
        {
            user = first.Client.Jid.Local!;
            await SayAsync(romeo, [], ["seen"]);
            await first.HeardAsync("seen");
            positions = first.Client.Get<CatchUpModule>().RoomPositions;
        }

        await SayAsync(romeo, expected, Enumerable.Range(0, 120).Select(i => $"missed {i}"));
        await using var second = await EnterAsync(server, romeo, history: null, user, positions);
        await SayAsync(romeo, expected, ["last"]);
        await second.HeardAsync("last");
        Assert.Equal(expected, second.Bodies);
        var missed = second.Said.First(m => m.Body == "missed 9");
        Assert.Equal(romeo.Occupant.Bare.WithResource("romeo"), missed.From);
        Assert.Equal(romeo.Occupant.Bare, missed.Get<DelayedDelivery>()?.From);
    }

    // Whoever reads it is refused, or finds nothing: Prosody answers for what it does not keep.
    [Theory, EachServer]
    public async Task Room_without_an_archive_is_heard_live(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await CreateRoomAsync(server, archives: false);
        await using var bot = await EnterAsync(server, romeo, history: 0);
        for (var round = 0; round < 2; round++)
        {
            await SayAsync(romeo, [], [$"{round}"]);
            await bot.HeardAsync($"{round}");
            await bot.Client.AbortAsync(new XmppConnectionException("The cable was cut."));
            await bot.EnteredAsync(round + 2);
        }

        await SayAsync(romeo, [], ["last"]);
        await bot.HeardAsync("last");
        Assert.Equal(["0", "1", "last"], bot.Bodies);
    }

    private static async Task SayAsync(
        RoomVisitor romeo, List<string> expected, IEnumerable<string> bodies, Func<int, Task>? before = null)
    {
        foreach (var (i, body) in bodies.Index())
        {
            await (before?.Invoke(i) ?? Task.CompletedTask);
            await romeo.SayAsync(body, Token);
            expected.Add(body);
        }
    }

    /// <summary>A new room with somebody in it.</summary>
    private static async Task<RoomVisitor> CreateRoomAsync(XmppServer server, bool archives = true)
    {
        var romeo = await NewUserAsync(server, "romeo");
        var room = Jid.Parse($"{romeo}@{server.ConferenceDomain}");
        var visitor = await RoomVisitor.EnterAsync(Accounts.Options(server, romeo), room.WithResource("romeo"), Token);
        const string Owner = "http://jabber.org/protocol/muc#owner";
        var form = (await visitor.Client.RequestAsync(
            new Iq(IqType.Get, XmppElement.Parse($"<query xmlns='{Owner}'/>")) { To = room }, cancellationToken: Token)).ToString();
        var field = form.Contains("muc#roomconfig_enablearchiving", StringComparison.Ordinal) ? "muc#roomconfig_enablearchiving" : "mam";
        Assert.Contains($"'{field}'", form, StringComparison.Ordinal);
        await visitor.Client.RequestAsync(
            new Iq(IqType.Set, XmppElement.Parse(
                $"<query xmlns='{Owner}'><x xmlns='jabber:x:data' type='submit'>"
                + "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
                + $"<field var='{field}'><value>{(archives ? 1 : 0)}</value></field></x></query>"))
            { To = room },
            cancellationToken: Token);
        return visitor;
    }

    private static async Task<RoomVisitor> EnterAsync(
        XmppServer server, RoomVisitor romeo, int? history, string? user = null, IReadOnlyDictionary<Jid, ArchivePlace>? positions = null)
    {
        var options = Accounts.Options(server, user ?? await NewUserAsync(server, "bot"));
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.StreamManagement.Resume = false;
        options.Ensure<CatchUpModule>().RoomPositions = positions ?? new Dictionary<Jid, ArchivePlace>();
        return await RoomVisitor.EnterAsync(options, romeo.Occupant.Bare.WithResource("bot"), Token, history);
    }

    private static async Task<string> NewUserAsync(XmppServer server, string prefix)
    {
        var user = $"{prefix}-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, Token);
        return user;
    }
}
