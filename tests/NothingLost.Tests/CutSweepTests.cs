using XmppChatClient.Archive;
using XmppChatClient.CatchUp;

namespace XmppChatClient.NothingLost.Tests;

/// <summary>A bot on the test server whose link is cut at one byte after another. NOTHING_LOST=all in the environment cuts at
/// each byte; without it some cases take each seventh or so.</summary>
public sealed class CutSweepTests(ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("NOTHING_LOST") == "all";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resumed_sessions_lose_and_double_nothing_wherever_the_link_is_cut()
    {
        await using var scene = await TestScene.StartAsync();
        var result = await RunAsync(new CutSweep(scene.Proxy, scene.Conversation), 1);
        AssertResumed(result);
        Assert.InRange(result.Resumed, 1, result.Cuts);
    }

    [Fact]
    public async Task Messages_are_handled_once_where_they_are_acknowledged_after_that()
    {
        await using var scene = await TestScene.StartAsync(o => o.StreamManagement.Acknowledge = AcknowledgeMode.AfterHandling);
        AssertResumed(await RunAsync(new CutSweep(scene.Proxy, scene.Conversation), 7));
    }

    [Theory]
    [InlineData(AcknowledgeMode.OnReceive)]
    [InlineData(AcknowledgeMode.AfterHandling)]
    public async Task Link_may_be_cut_again_wherever_the_session_is_being_resumed(AcknowledgeMode mode)
    {
        await using var scene = await TestScene.StartAsync(o => o.StreamManagement.Acknowledge = mode);
        AssertResumed(await RunAsync(new CutSweep(scene.Proxy, scene.Conversation) { CutsNextLink = true }, 7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumed_sessions_over_tls_lose_and_double_nothing_at_random_bytes(bool cutsNextLink)
    {
        await using var scene = await TestScene.StartAsync(o => o.Tls = TlsMode.Required);
        var sweep = new CutSweep(scene.Proxy, scene.Conversation) { CutsNextLink = cutsNextLink };
        var window = await sweep.MeasureAsync(Token);
        var seed = Random.Shared.Next();
        var result = await sweep.RunAsync(CutPoint.Some(window.ToServer, window.ToClient, IsWhole ? 1_000 : 50, seed), Token);
        output.WriteLine($"window {window}, seed {seed}: {result}");
        AssertResumed(result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Archive_settles_what_sessions_leave_that_cannot_be_resumed(bool cutsNextLink)
    {
        await using var scene = await TestScene.StartAsync(o =>
        {
            o.Ensure<ArchiveModule>();
            o.Ensure<CatchUpModule>();
        });
        var sweep = new CutSweep(scene.Proxy, scene.Conversation) { CutsNextLink = cutsNextLink };
        var result = await RunAsync(sweep, 7, () => scene.Server.Faults.RefuseResume());

        // An archive that changes while it is read cannot tell what is not in it.
        Assert.True(result.FromSubject.IsHonest, result.ToString());
        Assert.InRange(result.FromSubject.Lost.Count, 0, result.FromSubject.Sent / 50);
        Assert.True(result.ToSubject.IsWhole, result.ToString());
        Assert.True(result.SessionsLost > result.Resumed, result.ToString());
    }

    [Theory]
    [InlineData(ResendOnLostSession.Never, AcknowledgeMode.OnReceive)]
    [InlineData(ResendOnLostSession.Always, AcknowledgeMode.OnReceive)]
    [InlineData(ResendOnLostSession.Never, AcknowledgeMode.AfterHandling)]
    public async Task Without_an_archive_sessions_that_cannot_be_resumed_lose_nothing_without_saying_so(
        ResendOnLostSession resend, AcknowledgeMode mode)
    {
        await using var scene = await TestScene.StartAsync(o =>
        {
            o.StreamManagement.ResendOnLostSession = resend;
            o.StreamManagement.Acknowledge = mode;
        });
        var result = await RunAsync(new CutSweep(scene.Proxy, scene.Conversation), 7, () => scene.Server.Faults.RefuseResume());
        Assert.True(result.ToSubject.IsWhole, result.ToString());
        AssertSaid(result, resend);
        Assert.Equal(0, result.Resumed);
    }

    [Theory]
    [InlineData(ResendOnLostSession.Never)]
    [InlineData(ResendOnLostSession.Always)]
    public async Task Server_that_restarts_loses_nothing_without_saying_so(ResendOnLostSession resend)
    {
        await using var scene = await TestScene.StartAsync(o => o.StreamManagement.ResendOnLostSession = resend);
        var sweep = new CutSweep(scene.Proxy, scene.Conversation) { AfterCut = scene.Server.RestartAsync };
        AssertSaid(await RunAsync(sweep, 23), resend);
    }

    private static void AssertResumed(SweepResult result)
    {
        Assert.True(result.FromSubject.IsWhole && result.ToSubject.IsWhole, result.ToString());
        Assert.Equal(0, result.SessionsLost);
        Assert.True(result.Cuts > 0, "Nothing was cut.");
    }

    private static void AssertSaid(SweepResult result, ResendOnLostSession resend)
    {
        // What is sent again may come twice: that is the choice.
        var sent = resend == ResendOnLostSession.Never ? result.FromSubject : result.FromSubject with { Doubled = [] };
        Assert.True(sent.IsHonest && result.ToSubject.IsHonest, result.ToString());
        if (resend == ResendOnLostSession.Always)
        {
            Assert.True(sent.IsWhole, result.ToString());
        }
    }

    private async Task<SweepResult> RunAsync(CutSweep sweep, long step, Func<IDisposable>? fault = null)
    {
        var window = await sweep.MeasureAsync(Token);
        using var ended = fault?.Invoke();
        var result = await sweep.RunAsync(CutPoint.Every(window.ToServer, window.ToClient, IsWhole ? 1 : step), Token);
        output.WriteLine($"window {window}: {result}");
        return result;
    }
}
