using System.Text;
using XmppChatClient.Testing.Streams;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Testing.Tests.Faults;

public sealed class BytesTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delayed_message_comes_in_its_time_or_when_the_delay_is_over(bool endFault)
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await live.SettleAsync();
        using var delay = server.Faults.Delay(Delay, live.Account);
        await juliet.SendAsync(live.Client.Jid, "late", Token);
        var receiving = live.EventAsync<MessageReceived>();
        await clock.TimerSetAsync(Delay);
        Assert.False(receiving.IsCompleted);
        if (endFault)
        {
            delay.Dispose();
        }
        else
        {
            clock.Advance(Delay);
        }

        Assert.Equal("late", (await receiving).Message.Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_falls_silent_is_found_out_by_a_ping_each_time(bool resume)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.AddStandardModules().StreamManagement.Resume = resume);
        for (var round = 0; round < 3; round++)
        {
            await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(60));

            // What is on its way to the client would be a sign of life when it comes: behind the answer, what the server asks of it.
            await live.SettleAsync();
            while (!server.Transcript.Lines[^1].Contains(" C: <a ", StringComparison.Ordinal))
            {
                await Task.Yield();
                Token.ThrowIfCancellationRequested();
            }

            var silence = server.Faults.Delay(Timeout.InfiniteTimeSpan);
            live.Clock.Advance(TimeSpan.FromSeconds(60));
            await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(15));
            live.Clock.Advance(TimeSpan.FromSeconds(15));
            var ended = await live.EventAsync<SessionEnded>();
            Assert.Equal(SessionEndReason.TimedOut, ended.Reason);
            silence.Dispose();
            live.Clock.Advance(ended.RetryIn!.Value);
            Assert.Equal(resume, (await live.EventAsync<SessionStarted>()).Resumed);
        }
    }

    [Fact]
    public async Task Throttled_server_sends_a_tenth_of_its_rate_at_a_time()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { TimeProvider = clock, RequireTls = false }, Token);
        using var throttle = server.Faults.Throttle(50);
        await using var stream = server.Engine.Connect(ConnectionKind.StartTls);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawClient.Header), Token);
        var buffer = new byte[1_000];
        foreach (var piece in new[] { "<?xml", " vers", "ion='" })
        {
            var reading = stream.ReadAsync(buffer, Token).AsTask();
            await clock.TimerSetAsync(TimeSpan.FromMilliseconds(100));
            Assert.False(reading.IsCompleted);
            clock.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(piece, Encoding.UTF8.GetString(buffer, 0, await reading));
        }

        // The rest at once, though perhaps in pieces.
        throttle.Dispose();
        await stream.ReadAtLeastAsync(buffer, 100, cancellationToken: Token);
    }

    [Fact]
    public async Task Login_on_a_link_that_is_too_slow_is_given_up()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var live = LiveClient.Create(server);
        server.Faults.Throttle(1);
        var failing = live.FailAsync<XmppTimeoutException>();
        await clock.TimerSetAsync(TimeSpan.FromSeconds(1));
        live.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("30 s", (await failing).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task What_is_split_comes_in_pieces_and_means_the_same(int bytes)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        using var split = server.Faults.SplitWrites(bytes);
        await using var stream = server.Engine.Connect(ConnectionKind.StartTls);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawClient.Header), Token);
        var buffer = new byte[1_000];
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(bytes, await stream.ReadAsync(buffer, Token));
        }

        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(live.Client.Jid, "wörds", Token);
        Assert.Equal("wörds", (await live.EventAsync<MessageReceived>()).Message.Body);
        split.Dispose();
        await juliet.SendAsync(live.Client.Jid, "whole", Token);
        Assert.Equal("whole", (await live.EventAsync<MessageReceived>()).Message.Body);
    }

    [Fact]
    public async Task One_byte_is_corrupted_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.Faults.CorruptByte(2);
        var (corrupted, whole) = (await FirstBytesAsync(server), await FirstBytesAsync(server));
        Assert.Equal([(byte)'<', (byte)'?', (byte)('x' ^ 0xFF), (byte)'m'], corrupted);
        Assert.Equal("<?xm"u8.ToArray(), whole);
    }

    [Theory]
    [InlineData(TlsMode.Required, SessionEndReason.ConnectionLost)]
    [InlineData(TlsMode.Disabled, SessionEndReason.ProtocolViolation)]
    public async Task Corrupted_byte_ends_the_session_and_the_client_comes_back(TlsMode tls, SessionEndReason reason)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Tls = tls);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await live.SettleAsync();
        server.Faults.CorruptByte(20, live.Account);
        await juliet.SendAsync(live.Client.Jid, "never read", Token);
        Assert.Equal(reason, (await live.ComeBackAsync()).Reason);
    }

    [Fact]
    public async Task Cleared_faults_are_over()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.Faults.Delay(Timeout.InfiniteTimeSpan);
        server.Faults.CorruptByte();
        server.Faults.StripMechanisms();
        server.Faults.Clear();
        await using var live = await LiveClient.ConnectAsync(server);
    }

    [Fact]
    public async Task Fault_that_cannot_be_is_refused()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.DropAfterStanzas(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.DropAfterBytes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.Delay(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.Throttle(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.SplitWrites(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.CorruptByte(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.PresentCertificate((BadCertificate)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => IqFault.Late(TimeSpan.FromSeconds(-1)));
    }

    private static async Task<byte[]> FirstBytesAsync(XmppTestServer server)
    {
        await using var stream = server.Engine.Connect(ConnectionKind.StartTls);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawClient.Header), Token);
        var bytes = new byte[4];
        await stream.ReadExactlyAsync(bytes, Token);
        return bytes;
    }
}
