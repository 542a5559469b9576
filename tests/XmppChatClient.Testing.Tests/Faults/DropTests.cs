using System.Net;
using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Streams;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Testing.Tests.Faults;

public sealed class DropTests
{
    private static readonly XmppTestServerOptions InTheClear = new() { RequireTls = false };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, SessionEndReason.ConnectionLost)]
    [InlineData(true, SessionEndReason.ClosedByServer)]
    public async Task Dropped_client_comes_back_and_users_are_spared(bool closeStream, SessionEndReason reason)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.DropConnections(closeStream: closeStream);
        Assert.Equal(reason, (await live.ComeBackAsync()).Reason);
        await juliet.SettleAsync();
    }

    [Theory]
    [InlineData(false, "cut the connection")]
    [InlineData(true, "closed the stream")]
    public async Task Stream_is_closed_or_not(bool closeStream, string end)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        server.Faults.DropConnections(account, closeStream);
        var failure = await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceiveAsync(Token));
        Assert.Contains(end, failure.Message, StringComparison.Ordinal);
        await romeo.SettleAsync();
    }

    [Theory]
    [InlineData(false, false, SessionEndReason.ConnectionLost)]
    [InlineData(false, true, SessionEndReason.ClosedByServer)]
    [InlineData(true, false, SessionEndReason.ConnectionLost)]
    [InlineData(true, true, SessionEndReason.ClosedByServer)]
    public async Task Client_gets_so_many_stanzas_and_no_more_and_comes_back(bool overTcp, bool closeStream, SessionEndReason reason)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = overTcp ? new IPEndPoint(IPAddress.Loopback, 0) : null }, Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.DropAfterStanzas(2, live.Account, closeStream);
        foreach (var body in new[] { "1", "2", "3" })
        {
            await juliet.SendAsync(live.Client.Jid, body, Token);
        }

        Assert.Equal("1", (await live.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal("2", (await live.EventAsync<MessageReceived>()).Message.Body);
        Assert.Equal(reason, Assert.IsType<SessionEnded>(await live.EventAsync<XmppEvent>()).Reason);
        live.Clock.Advance(TimeSpan.FromSeconds(1));
        await live.EventAsync<SessionStarted>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(170)]
    public async Task Client_gets_so_many_bytes_and_no_more(int count)
    {
        await using var server = await XmppTestServer.StartAsync(InTheClear, Token);
        server.Faults.DropAfterBytes(count);
        var cut = await AnswerAsync(server);
        var whole = await AnswerAsync(server);
        Assert.Equal(count, cut.Length);
        Assert.StartsWith("<?xml version='1.0'?><stream:stream "[..Math.Min(count, 20)], cut, StringComparison.Ordinal);
        Assert.EndsWith("</stream:stream>", whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_is_closed_after_so_many_bytes()
    {
        await using var server = await XmppTestServer.StartAsync(InTheClear, Token);
        server.Faults.DropAfterBytes(1, closeStream: true);
        Assert.EndsWith("</stream:features></stream:stream>", await AnswerAsync(server, end: ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_that_is_cut_off_anywhere_is_a_lost_connection()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        var cuts = 0;
        Exception? error;
        do
        {
            using var drop = server.Faults.DropAfterBytes(1 + (61 * cuts++));
            error = await Record.ExceptionAsync(() => live.Client.ConnectAsync(Token));
            Assert.True(error is null or XmppConnectionException, error?.ToString());
        }
        while (error is not null);

        Assert.InRange(cuts, 20, 200);
    }

    [Theory]
    [InlineData(StreamErrorCondition.Reset, true)]
    [InlineData(StreamErrorCondition.SystemShutdown, true)]
    [InlineData(StreamErrorCondition.Conflict, false)]
    [InlineData(StreamErrorCondition.PolicyViolation, false)]
    public async Task Stream_error_ends_the_session_for_good_or_not(StreamErrorCondition condition, bool transient)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.SendStreamError(condition, text: "told to");
        var ended = transient ? await live.ComeBackAsync() : await live.EventAsync<SessionEnded>();
        Assert.Equal((transient, SessionEndReason.StreamError), (ended.RetryIn is not null, ended.Reason));
        Assert.Equal(new StreamError(condition, "told to"), Assert.IsType<XmppStreamException>(ended.Error).Error);
        Assert.Contains(
            $"S: <stream:error><{condition.ToWireName()} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
            server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_ends_all_sessions_and_forgets_nothing_else(bool overTcp)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = overTcp ? new IPEndPoint(IPAddress.Loopback, 0) : null }, Token);
        var address = server.EndPoint;
        var absent = server.AddAccount("absent");
        await using var live = await LiveClient.ConnectAsync(server);
        await using var before = await server.LoginAsync("juliet", Token);
        await before.SendAsync(absent.Jid, "kept", Token);
        await before.SettleAsync();
        await server.RestartAsync();
        Assert.Equal(address, server.EndPoint);
        var ended = await live.ComeBackAsync();
        Assert.Equal(StreamErrorCondition.SystemShutdown, Assert.IsType<XmppStreamException>(ended.Error).Error.Condition);
        var failure = await Assert.ThrowsAsync<TestServerException>(() => before.ReceiveAsync(Token));
        Assert.Contains("system-shutdown", failure.Message, StringComparison.Ordinal);
        await using var after = await server.LoginAsync("absent", Token);
        Assert.Equal("kept", (await after.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Lost_session_is_gone_for_everybody_at_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        await using var witness = await server.LoginAsync("bot/witness", Token);
        await live.Client.ConnectAsync(Token);
        Assert.Equal(live.Client.Jid, (await witness.ReceivePresenceAsync(Token)).From);
        server.Faults.LoseSessions();
        var gone = await witness.ReceivePresenceAsync(Token);
        Assert.Equal((live.Client.Jid, PresenceType.Unavailable), (gone.From, gone.Type));
        Assert.Equal(SessionEndReason.ConnectionLost, (await live.ComeBackAsync()).Reason);
    }

    // All that the server answers to the beginning of a stream.
    private static async Task<string> AnswerAsync(XmppTestServer server, string end = "</stream:stream>")
    {
        await using var stream = server.Engine.Connect(ConnectionKind.StartTls);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawClient.Header + end), Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token).WaitAsync(Hang.Limit, Token);
    }
}
