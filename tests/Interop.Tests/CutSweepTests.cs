using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.NothingLost;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Interop.Tests;

/// <summary>A client of a real server whose link is cut at random bytes of an exchange, or of the login and resumption after
/// it. NOTHING_LOST=all in the environment makes 1,000 cuts for each case, and restarts a server 30 times.</summary>
public sealed class CutSweepTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("NOTHING_LOST") == "all";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Prosody, false)]
    [InlineData(ServerKind.Prosody, true)]
    [InlineData(ServerKind.Ejabberd, false)]
    [InlineData(ServerKind.Ejabberd, true)]
    public async Task Resumed_sessions_lose_and_double_nothing(ServerKind kind, bool cutsNextLink)
    {
        await using var scene = await SweepScene.StartAsync(await servers.GetAsync(kind), Token);
        var result = await RunAsync(new CutSweep(scene.Proxy, scene.Conversation) { CutsNextLink = cutsNextLink }, 50);

        // While a session moves to another connection, ejabberd now and then sends two messages the wrong way round, those
        // it kept and those that come; their archive ids show the order in which it had them.
        result = kind == ServerKind.Ejabberd ? InAnyOrder(result) : result;
        Assert.True(result.FromSubject.IsWhole && result.ToSubject.IsWhole, result.ToString());
        Assert.Equal(0, result.SessionsLost);
    }

    [Theory, EachServer]
    public async Task Archive_settles_what_sessions_leave_that_end_with_their_link(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        Conversation? conversation = null;
        await using var scene = await SweepScene.StartAsync(server, Token, o =>
        {
            o.StreamManagement.Resume = false;

            // A session of ejabberd's that has ended still passes on, for 100 ms, what was on its way to it.
            o.Reconnect.FirstDelay = o.Reconnect.LongestDelay = TimeSpan.FromMilliseconds(200);
            o.Dialer = new FencedDialer(SocketDialer.Instance, async token =>
            {
                await server.WaitUntilGoneAsync(o.Jid!.Local!, token);

                // Nor does it have a place for what comes while somebody is coming: it may be neither in the archive yet nor among
                // what it kept.
                await (conversation?.PeerSettledAsync(token) ?? Task.CompletedTask);
            });
            o.Ensure<CatchUpModule>();
        });
        conversation = scene.Conversation;
        var sweep = new CutSweep(scene.Proxy, scene.Conversation) { ServerMayLose = kind == ServerKind.Ejabberd };
        var result = await RunAsync(sweep, 50);
        Assert.Equal(0, result.Resumed);
        Assert.True(result.FromSubject.IsWhole, result.ToString());
        if (kind == ServerKind.Ejabberd)
        {
            await AssertForgottenAsync(scene, result.ToSubject, conversation.Peer, conversation.Subject);
            AssertFew(result.ToSubject, result.ToSubject.Missing.Count);
            Assert.True((result.ToSubject with { Missing = [] }).IsHonest, result.ToString());
            return;
        }

        Assert.True(result.ToSubject.IsWhole, result.ToString());
    }

    [Theory]
    [InlineData(ServerKind.Prosody, ResendOnLostSession.Never)]
    [InlineData(ServerKind.Prosody, ResendOnLostSession.Always)]
    [InlineData(ServerKind.Ejabberd, ResendOnLostSession.Never)]
    [InlineData(ServerKind.Ejabberd, ResendOnLostSession.Always)]
    public async Task Without_an_archive_sessions_that_end_with_their_link_lose_nothing_without_saying_so(
        ServerKind kind, ResendOnLostSession resend)
    {
        await using var scene = await SweepScene.StartAsync(await servers.GetAsync(kind), Token, o =>
        {
            o.StreamManagement.Resume = false;
            o.StreamManagement.ResendOnLostSession = resend;
        });

        var sweep = new CutSweep(scene.Proxy, scene.Conversation) { ServerMayLose = kind == ServerKind.Ejabberd };
        var result = await RunAsync(sweep, 50);
        Assert.Equal(0, result.Resumed);
        if (kind == ServerKind.Ejabberd)
        {
            // What a session leaves it keeps for the next one, behind what has come meanwhile, and once more where that one is lost too,
            // so that the order goes. What is being kept in the moment in which a session fetches all that is, is gone with it.
            // Almost nothing of that is lost for who asks the archive.
            var (subject, peer) = (scene.Conversation.Subject, scene.Conversation.Peer);
            var missing = result.ToSubject.Missing.ToHashSet();
            Assert.Subset(await scene.ArchivedAsync(peer, peer, Token), missing);
            missing.ExceptWith(await scene.ArchivedAsync(subject, peer, Token));
            output.WriteLine($"not in the receiver's archive: {string.Join(' ', missing)}");
            AssertFew(result.ToSubject, missing.Count);
            result = InAnyOrder(result with { ToSubject = result.ToSubject with { Missing = [] } });
        }

        AssertSaid(result, resend);
    }

    [Theory, EachServer]
    public async Task Server_that_restarts_loses_nothing_without_saying_so(ServerKind kind)
    {
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings(), Token);
        await using var scene = await SweepScene.StartAsync(server, Token, o => o.Ensure<CatchUpModule>());
        var sweep = new CutSweep(scene.Proxy, scene.Conversation)
        {
            AfterCut = () => server.RestartAsync(Token),
            ServerMayLose = kind == ServerKind.Ejabberd,
        };
        var result = await RunAsync(sweep, cuts: 3, whole: 30);
        if (kind == ServerKind.Ejabberd)
        {
            // It archives a message for its sender first, and is stopped before it does so for the receiver. The sender's archive has
            // it, so it has arrived at the server, which forgets it. What the receiver's archive has comes.
            var (subject, peer) = (scene.Conversation.Subject, scene.Conversation.Peer);
            await AssertForgottenAsync(scene, result.FromSubject, subject, peer);
            await AssertForgottenAsync(scene, result.ToSubject, peer, subject);
            result = InAnyOrder(result) with { FromSubject = result.FromSubject with { Missing = [] } };
            result = result with { ToSubject = result.ToSubject with { Missing = [] } };
        }

        AssertSaid(result, ResendOnLostSession.Never);
    }

    // What comes to a session of ejabberd's in the moment in which it ends may go nowhere, not even into the receiver's archive: up to
    // three of 3,009 messages.
    private static void AssertFew(Account account, int forgotten) => Assert.InRange(forgotten, 0, 2 + (account.Sent / 300));

    // The sender's archive has them, the receiver's has not.
    private static async Task AssertForgottenAsync(SweepScene scene, Account account, Party from, Party to)
    {
        var missing = account.Missing.ToHashSet();
        Assert.Subset(await scene.ArchivedAsync(from, from, Token), missing);
        Assert.Empty((await scene.ArchivedAsync(to, from, Token)).Intersect(missing));
    }

    private static SweepResult InAnyOrder(SweepResult result) =>
        result with { ToSubject = result.ToSubject with { Misplaced = [] } };

    private static void AssertSaid(SweepResult result, ResendOnLostSession resend)
    {
        // What is sent again may come twice: that is the choice.
        var sent = resend == ResendOnLostSession.Never ? result.FromSubject : result.FromSubject with { Doubled = [] };
        Assert.True(sent.IsHonest && result.ToSubject.IsHonest, result.ToString());
    }

    private async Task<SweepResult> RunAsync(CutSweep sweep, int cuts, int whole = 1_000)
    {
        var window = await sweep.MeasureAsync(Token);
        var seed = Random.Shared.Next();
        var result = await sweep.RunAsync(CutPoint.Some(window.ToServer, window.ToClient, IsWhole ? whole : cuts, seed), Token);
        output.WriteLine($"window {window}, seed {seed}: {result}");
        Assert.True(result.Cuts > 0, "Nothing was cut.");
        return result;
    }
}
