using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;
using XmppChatClient.Health;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Tests;

public sealed class HealthCheckTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();
    private readonly Channel<XmppEvent> _news = Channel.CreateUnbounded<XmppEvent>();

    public static TheoryData<SessionState, string> OtherStates => new()
    {
        { SessionState.Idle, "not started: no route" },
        { SessionState.Connecting, "connecting: no route" },
        { SessionState.Waiting, "waiting to connect again: no route" },
        { SessionState.Closed, "closed: no route" },
    };

    [Theory]
    [MemberData(nameof(OtherStates))]
    public void Client_that_is_not_online_is_not_healthy(SessionState state, string said) => Assert.Equal(
        ($"Not online since 2026-01-02 03:04:05Z, {said}", false),
        XmppHealthCheck.Judge(Status(s => s with { State = state, LastError = new XmppConnectionException("no route") }), null, Within));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(10.0, null, null)]
    [InlineData(10.1, null, "Online since 2026-01-02 03:04:05Z, but the server has not said for 10.1 s which of 3 stanzas it has.")]
    [InlineData(null, 70.0, null)]
    [InlineData(null, 70.1, "Online since 2026-01-02 03:04:05Z, but nothing has come from the server for 70.1 s, the answer to a ping neither.")]
    public void Answer_that_is_overdue_is_not_healthy(double? awaited, double? silence, string? said) => Assert.Equal(
        (said, false),
        XmppHealthCheck.Judge(
            Status(s => s with { AnswerAwaited = Seconds(awaited), Silence = Seconds(silence) }), TimeSpan.FromSeconds(60), Within));

    [Fact]
    public void Silence_means_nothing_where_nobody_pings() =>
        Assert.Null(XmppHealthCheck.Judge(Status(s => s with { Silence = TimeSpan.FromDays(1) }), null, Within).Problem);

    [Fact]
    public void Full_inbox_is_slow_and_no_more()
    {
        var (problem, isOnlySlow) = XmppHealthCheck.Judge(Status(s => s with { Inbox = 1024, IsInboxFull = true }), null, Within);
        Assert.True(isOnlySlow);
        Assert.Contains("1024 events", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_is_healthy_from_its_start_to_its_end()
    {
        await using var bot = Create();
        Assert.Equal((HealthStatus.Unhealthy, "Idle"), Summary(await CheckAsync(bot)));
        await bot.StartAsync();
        await NewsAsync<SessionStarted>();
        _clock.Advance(TimeSpan.FromSeconds(5));
        var online = await CheckAsync(bot);
        Assert.Equal((HealthStatus.Healthy, "Online"), Summary(online));
        Assert.Equal(
            ["inbox=0", "secondsSinceReceived=5", $"since={_clock.Start}", "state=Online", "unacknowledged=0"],
            online.Data.Select(d => $"{d.Key}={d.Value}").Order(StringComparer.Ordinal));
        bot.Server.Drop();
        var ended = await NewsAsync<SessionEnded>();
        var lost = await CheckAsync(bot);
        Assert.Equal((HealthStatus.Unhealthy, "Waiting"), Summary(lost));
        Assert.Contains("The cable was cut.", lost.Description, StringComparison.Ordinal);
        Assert.Equal("The cable was cut.", lost.Data["lastError"]);
        Assert.IsType<XmppConnectionException>(lost.Exception);
        _clock.Advance(ended.RetryIn!.Value);
        await NewsAsync<SessionStarted>();
        Assert.Equal((HealthStatus.Healthy, "Online"), Summary(await CheckAsync(bot)));
        await bot.StopAsync();
        Assert.Equal((HealthStatus.Unhealthy, "Closed"), Summary(await CheckAsync(bot)));
    }

    [Fact]
    public async Task Ping_that_is_not_answered_is_seen_before_the_connection_is_given_up()
    {
        await using var bot = Create();
        await bot.StartAsync();
        await NewsAsync<SessionStarted>();
        _clock.Advance(TimeSpan.FromSeconds(60));
        var ping = await bot.Server.SentAsync(e => e.Elements.ToArray() is [{ Name.LocalName: "ping" }]);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((HealthStatus.Healthy, "Online"), Summary(await CheckAsync(bot)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HealthStatus.Unhealthy, "Online"), Summary(await CheckAsync(bot)));
        bot.Server.Send($"<iq type='result' id='{ping.Attribute("id")}'/>");
        await bot.Server.SettleAsync();
        Assert.Equal((HealthStatus.Healthy, "Online"), Summary(await CheckAsync(bot)));
    }

    [Fact]
    public async Task Failure_is_reported_as_the_registration_says()
    {
        await using var bot = Create(checks => checks.AddXmppClient("bot", HealthStatus.Degraded, ["live"]));
        var report = await bot.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(r => r.Tags.Contains("live"), TestBot.Token);
        Assert.Equal(("bot", HealthStatus.Degraded), (report.Entries.Single().Key, report.Status));
    }

    [Fact]
    public async Task Bad_settings_are_named()
    {
        await using var bot = Create(settings: new() { ["Xmpp:Port"] = "0" });
        var entry = await CheckAsync(bot);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("Xmpp:Port", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_cannot_be_due_before_they_are_asked_for() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ServiceCollection().AddHealthChecks().AddXmppClient(answerWithin: TimeSpan.FromSeconds(-1)));

    private static ClientStatus Status(Func<ClientStatus, ClientStatus> change) => change(new ClientStatus
    {
        State = SessionState.Online,
        Since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Unacknowledged = 3,
        Inbox = 0,
        IsInboxFull = false,
    });

    private static TimeSpan? Seconds(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;

    private static (HealthStatus Status, string? State) Summary(HealthReportEntry entry) =>
        (entry.Status, entry.Data["state"].ToString());

    private static async Task<HealthReportEntry> CheckAsync(TestBot bot) => Assert.Single(
        (await bot.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestBot.Token)).Entries).Value;

    private async Task<T> NewsAsync<T>()
        where T : XmppEvent =>
        Assert.IsType<T>(await _news.Reader.ReadAsync(TestBot.Token).AsTask().WaitAsync(Hang.Limit));

    private TestBot Create(Action<IHealthChecksBuilder>? add = null, Dictionary<string, string?>? settings = null) => TestBot.Create(
        xmpp =>
        {
            var handler = new Mock<ISessionHandler>();
            handler.Setup(h => h.HandleStartedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionStarted>(), It.IsAny<CancellationToken>()))
                .Callback((XmppClient _, SessionStarted started, CancellationToken _) => _news.Writer.TryWrite(started));
            handler.Setup(h => h.HandleEndedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionEnded>(), It.IsAny<CancellationToken>()))
                .Callback((XmppClient _, SessionEnded ended, CancellationToken _) => _news.Writer.TryWrite(ended));
            xmpp.Services.AddSingleton(handler.Object);
            xmpp.AddSessionHandler<ISessionHandler>();
            xmpp.Services.AddSingleton<TimeProvider>(_clock);
            (add ?? (checks => checks.AddXmppClient()))(xmpp.Services.AddHealthChecks());
        },
        settings);
}
