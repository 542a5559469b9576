using XmppChatClient.Ping;

namespace XmppChatClient.Extensions.Tests;

public sealed class KeepaliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    // RFC 6120 §8.3: an error is an answer, whatever it says.
    [Theory]
    [InlineData("type='result'", "")]
    [InlineData("type='error'", "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")]
    [InlineData("type='error'", "<error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")]
    [InlineData("type='error'", "<error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")]
    [InlineData("type='error'", "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")]
    [InlineData("type='error'", "")]
    public async Task Silent_server_that_answers_is_asked_again_after_the_next_silence(string type, string error)
    {
        await using var live = await LiveClient.ConnectAsync();
        for (var round = 0; round < 3; round++)
        {
            await live.Clock.TimerSetAsync(Interval);
            live.Clock.Advance(Interval);
            var ping = await live.Server.NextAsync();
            Assert.Equal($"<iq xmlns='jabber:client' id='{ping.Attribute("id")}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>", ping.ToString());
            live.Server.Send($"<iq {type} id='{ping.Attribute("id")}'>{error}</iq>");
        }
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_given_up()
    {
        await using var live = await LiveClient.ConnectAsync();
        await live.Clock.TimerSetAsync(Interval);
        live.Clock.Advance(Interval);
        await live.Server.SentAsync("iq");
        await live.Clock.TimerSetAsync(AnswerTimeout);
        live.Clock.Advance(AnswerTimeout);
        var ended = await live.EventAsync<SessionEnded>();
        Assert.Equal(SessionEndReason.TimedOut, ended.Reason);
        Assert.Equal(
            "The server was silent for 60 s and did not answer a ping within 15 s; the connection counts as lost.",
            ended.Error!.Message);
        Assert.NotNull(ended.RetryIn);
    }

    [Fact]
    public async Task Server_that_sends_something_else_meanwhile_is_there()
    {
        await using var live = await LiveClient.ConnectAsync();
        await live.Clock.TimerSetAsync(Interval);
        live.Clock.Advance(Interval);
        await live.Server.SentAsync("iq");
        await live.Clock.TimerSetAsync(AnswerTimeout);
        live.Clock.Advance(TimeSpan.FromSeconds(1));
        live.Server.Send("<message from='juliet@example.org/b'/>");
        await live.Server.SettleAsync();
        live.Clock.Advance(AnswerTimeout);
        await live.Clock.TimerSetAsync(Interval);
        Assert.Equal(SessionState.Online, live.Client.State);
    }

    [Fact]
    public async Task Server_that_talks_is_not_asked()
    {
        await using var live = await LiveClient.ConnectAsync();
        await live.Clock.TimerSetAsync(Interval);
        live.Clock.Advance(Interval - TimeSpan.FromSeconds(20));
        await live.Server.SettleAsync();
        live.Clock.Advance(TimeSpan.FromSeconds(20));
        await live.Clock.TimerSetAsync(Interval - TimeSpan.FromSeconds(20));
        live.Clock.Advance(Interval - TimeSpan.FromSeconds(20));
        Assert.Equal("get", (await live.Server.NextAsync()).Attribute("type"));
    }

    [Fact]
    public async Task Watch_goes_on_in_the_next_session()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Reconnect.FirstDelay = TimeSpan.FromSeconds(2));
        await live.Clock.TimerSetAsync(Interval);
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        await live.Clock.TimerSetAsync(Interval);
        await live.Server.SentAsync("presence");
        live.Clock.Advance(Interval);
        Assert.Equal("iq", (await live.Server.NextAsync()).Name.LocalName);
    }

    // XEP-0478: whoever only listens is asked nothing, and says something all the same.
    [Theory]
    [InlineData(20, 10)]
    [InlineData(3, 1.5)]
    public async Task Server_hears_from_us_before_it_takes_us_for_gone(int idle, double expected)
    {
        var pause = TimeSpan.FromSeconds(expected);
        await using var live = LiveClient.Create();
        live.Server.Features = $"<limits xmlns='urn:xmpp:stream-limits:0'><idle-seconds>{idle}</idle-seconds></limits>";
        await live.Client.ConnectAsync(LiveClient.Token);
        await live.Server.SentAsync("presence");
        for (var round = 0; round < 3; round++)
        {
            await live.Clock.TimerSetAsync(pause);
            live.Clock.Advance(pause - TimeSpan.FromSeconds(0.5));
            live.Server.Send("<message from='juliet@example.org/b'/>");
            await live.EventAsync<MessageReceived>();
            live.Clock.Advance(TimeSpan.FromSeconds(0.5));
            var ping = await live.Server.NextAsync();
            Assert.Contains("<ping xmlns='urn:xmpp:ping'/>", ping.ToString(), StringComparison.Ordinal);
            live.Server.Send($"<iq type='result' id='{ping.Attribute("id")}'/>");
        }

        Assert.Equal(SessionState.Online, live.Client.State);
    }

    [Fact]
    public async Task What_is_said_otherwise_is_a_sign_of_life_too()
    {
        await using var live = LiveClient.Create();
        live.Server.Features = "<limits xmlns='urn:xmpp:stream-limits:0'><idle-seconds>20</idle-seconds></limits>";
        await live.Client.ConnectAsync(LiveClient.Token);
        await live.Server.SentAsync("presence");
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(10));
        live.Clock.Advance(TimeSpan.FromSeconds(6));
        await live.Client.SendAsync(Jid.Parse("juliet@example.org"), "hello", LiveClient.Token);
        await live.Server.SentAsync("message");
        live.Clock.Advance(TimeSpan.FromSeconds(4));
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(6));
        live.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("get", (await live.Server.NextAsync()).Attribute("type"));
    }

    [Fact]
    public async Task Nothing_is_asked_when_the_interval_is_infinite()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<PingModule>().Interval = Timeout.InfiniteTimeSpan);
        live.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("result", (await live.Server.AskAsync("<ping xmlns='urn:xmpp:ping'/>")).Attribute("type"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(24.0 * 24 * 3600)]
    public void Time_that_no_timer_takes_is_refused(double seconds)
    {
        var module = new PingModule();
        var time = TimeSpan.FromSeconds(seconds);
        Assert.StartsWith("Ping:Interval must be", Assert.Throws<ArgumentException>(() => module.Interval = time).Message, StringComparison.Ordinal);
        Assert.StartsWith("Ping:AnswerTimeout must be", Assert.Throws<ArgumentException>(() => module.AnswerTimeout = time).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => module.AnswerTimeout = Timeout.InfiniteTimeSpan);
    }
}
