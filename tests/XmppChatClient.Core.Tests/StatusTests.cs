using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests;

public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_was_never_online_says_so()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        Assert.Equal(
            new ClientStatus
            {
                State = SessionState.Idle,
                Since = live.Clock.GetUtcNow(),
                Unacknowledged = 0,
                Inbox = 0,
                IsInboxFull = false,
            },
            live.Client.GetStatus());
    }

    [Fact]
    public async Task Time_counts_from_the_moment_it_is_online_or_is_not()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        var began = live.Clock.GetUtcNow();
        live.Clock.Advance(TimeSpan.FromSeconds(20));
        var online = live.Client.GetStatus();
        Assert.Equal((SessionState.Online, began, null), (online.State, online.Since, online.LastError));
        server.Faults.SendStreamError(Streams.StreamErrorCondition.SystemShutdown);
        var ended = await live.EventAsync<SessionEnded>();
        var lost = live.Clock.GetUtcNow();
        await server.RestartAsync();
        server.Faults.OfferMechanisms();
        live.Clock.Advance(ended.RetryIn!.Value);
        await live.EventAsync<SessionEnded>();
        var offline = live.Client.GetStatus();
        Assert.Equal(lost, offline.Since);
        Assert.NotEqual(SessionState.Online, offline.State);
        Assert.NotSame(ended.Error, offline.LastError);
        Assert.NotNull(offline.LastError);
    }

    [Fact]
    public async Task Server_that_closes_without_a_word_is_an_error_too()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.DropConnections(closeStream: true);
        await live.EventAsync<SessionEnded>();
        Assert.Equal("The server closed the stream.", live.Client.GetStatus().LastError?.Message);
    }

    [Fact]
    public async Task Error_of_a_first_attempt_is_told()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server, adapt: o => o.Password = "wrong");
        var error = await live.FailAsync<XmppAuthenticationException>();
        Assert.Same(error, live.Client.GetStatus().LastError);
        Assert.Equal(SessionState.Idle, live.Client.GetStatus().State);
    }

    [Fact]
    public async Task Answer_that_the_server_owes_is_timed()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        using (server.Faults.Delay(Timeout.InfiniteTimeSpan, live.Account))
        {
            await live.Client.SendAsync(live.Client.Jid, "note", Token);
            Assert.Null(live.Client.GetStatus().AnswerAwaited);
            live.Clock.Advance(TimeSpan.FromSeconds(0.5));
            live.Clock.Advance(TimeSpan.FromSeconds(7));
            Assert.Equal(TimeSpan.FromSeconds(7), live.Client.GetStatus().AnswerAwaited);
            Assert.Equal(TimeSpan.FromSeconds(7.5), live.Client.GetStatus().Silence);
        }

        await live.EventAsync<MessageReceived>();
        await live.Client.RequestAsync(new Iq(IqType.Get, new Xml.XmppElement(new Xml.XmlName("urn:xmpp:ping", "ping"))), null, Token);
        Assert.Null(live.Client.GetStatus().AnswerAwaited);
        Assert.Equal(TimeSpan.Zero, live.Client.GetStatus().Silence);
    }
}
