using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>A client over BOSH, what a test server does to it, and what gets lost on the way.</summary>
public sealed class BoshTests : IAsyncLifetime
{
    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private XmppTestServer _server = null!;
    private XmppTestWebServer _web = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await XmppTestServer.StartAsync(Token);
        _web = await XmppTestWebServer.StartAsync(_server, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _server.DisposeAsync();
    }

    // Without stream management, which would put right what BOSH itself got wrong.
    [Theory]
    [InlineData(BoshLoss.Request, 60)]
    [InlineData(BoshLoss.Response, 60)]
    [InlineData(BoshLoss.BadGateway, 60)]
    [InlineData(BoshLoss.Silence, 2)]
    public async Task Nothing_is_lost_and_nothing_doubled_by_what_drops_requests_and_answers(BoshLoss loss, int count)
    {
        const int Rounds = 40;
        await using var romeo = await LoginAsync("romeo", Configure);
        await using var juliet = await LoginAsync("juliet", Configure);
        using (_web.LoseBosh(loss, count, every: 2))
        {
            for (var i = 0; i < Rounds; i++)
            {
                await romeo.SendAsync(juliet.Jid, Number(i), Token);
                Assert.Equal(Number(i), await NextBodyAsync(juliet));
                await juliet.SendAsync(romeo.Jid, Number(i), Token);
                Assert.Equal(Number(i), await NextBodyAsync(romeo));
            }

            for (var i = 0; i < Rounds; i++)
            {
                await romeo.SendAsync(juliet.Jid, Number(i), Token);
                await juliet.SendAsync(romeo.Jid, Number(i), Token);
            }

            for (var i = 0; i < Rounds; i++)
            {
                Assert.Equal(Number(i), await NextBodyAsync(juliet));
                Assert.Equal(Number(i), await NextBodyAsync(romeo));
            }
        }

        static void Configure(XmppClientOptions options)
        {
            options.StreamManagement.Enabled = false;
            (options.Bosh.Wait, options.Timeouts.Connect) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dropped_connection_is_gone_on_with_and_a_closed_one_begins_anew(bool closeStream)
    {
        var account = _server.AddAccount("bot");
        await using var client = await LoginAsync(account);
        await NextAsync<SessionStarted>(client);
        _server.Faults.DropConnections(account, closeStream);
        await NextAsync<SessionEnded>(client);
        Assert.Equal(!closeStream, (await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Restarted_server_lets_us_in_again()
    {
        await using var client = await LoginAsync("bot");
        await NextAsync<SessionStarted>(client);
        await _server.RestartAsync();
        Assert.Equal(SessionEndReason.StreamError, (await NextAsync<SessionEnded>(client)).Reason);
        Assert.False((await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Corrupt_bytes_reach_the_client()
    {
        var account = _server.AddAccount("bot");
        await using var client = await LoginAsync(account);
        await NextAsync<SessionStarted>(client);
        await using var juliet = await _server.LoginAsync("juliet", Token);
        using (_server.Faults.CorruptByte(account: account))
        {
            await juliet.SendAsync(client.Jid, "hello", Token);
            Assert.Equal(SessionEndReason.ProtocolViolation, (await NextAsync<SessionEnded>(client)).Reason);
        }
    }

    [Fact]
    public async Task Session_that_the_endpoint_has_forgotten_is_gone_on_with_in_a_new_one()
    {
        // Held requests and all, as when it was restarted alone.
        await using var client = await LoginAsync("bot");
        await NextAsync<SessionStarted>(client);
        await _web.DisposeAsync();
        _web = await XmppTestWebServer.StartAsync(
            _server, new XmppTestWebServerOptions { Port = _web.BoshEndpoint.Port }, Token);
        await NextAsync<SessionEnded>(client);
        Assert.True((await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => LoginAsync("bot", o => o.Password = "wrong"));
        Assert.Equal("not-authorized", error.Condition);
    }

    [Fact]
    public async Task Untrusted_certificate_is_refused()
    {
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => LoginAsync("bot", o => o.TrustedCertificates.Clear()));
        Assert.StartsWith(
            $"The server of {_web.BoshEndpoint} presented a certificate that nobody trusted here has signed", error.Message,
            StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_is_not_sent()
    {
        await using var client = await LoginAsync("bot");
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            () => client.SendAsync(client.Jid, new string('x', 300_000), Token).AsTask());
        await client.SendAsync(client.Jid, "next", Token);
        Assert.Equal("next", (await NextAsync<MessageReceived>(client)).Message.Body);
    }

    // One that does not say how long they may be.
    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_ends_the_stream()
    {
        var limits = new XmppTestServerLimits { Announce = false };
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Limits = limits }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, cancellationToken: Token);
        await using var client = new XmppClient(new XmppClientOptions().UseTestServer(web, server.AddAccount("bot"), TransportKind.Bosh));
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        await client.SendAsync(client.Jid, new string('x', 300_000), Token);
        var error = Assert.IsType<XmppStreamException>((await NextAsync<SessionEnded>(client)).Error);
        Assert.Equal(XmppChatClient.Streams.StreamErrorCondition.PolicyViolation, error.Error.Condition);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plain_HTTP_carries_a_session_where_TLS_is_disabled(bool keySequence)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, new XmppTestWebServerOptions { UseTls = false }, Token);
        var options = new XmppClientOptions { Tls = TlsMode.Disabled }.UseTestServer(web, server.AddAccount("bot"), TransportKind.Bosh);
        options.Bosh.KeySequence = keySequence;
        Assert.Equal("http", options.Endpoint!.Scheme);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);

        // More than there are keys in a sequence.
        for (var i = 0; i < (keySequence ? 600 : 1); i++)
        {
            await client.SendAsync(client.Jid, Number(i), Token);
            Assert.Equal(Number(i), await NextBodyAsync(client));
        }

        Assert.DoesNotContain("starttls", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_holds_nothing_is_asked_as_often_as_it_allows()
    {
        await using var web = await XmppTestWebServer.StartAsync(
            _server, new XmppTestWebServerOptions { BoshRequests = 1, BoshPolling = TimeSpan.FromSeconds(1) }, Token);
        var log = new FakeLoggerProvider();
        var options = new XmppClientOptions().UseTestServer(web, _server.AddAccount("bot"), TransportKind.Bosh);
        options.LoggerFactory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(log));

        // Each question more takes a second.
        (options.StreamManagement.Enabled, options.Presence) = (false, null);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await client.SendAsync(client.Jid, "hello", Token);
        Assert.Equal("hello", await NextBodyAsync(client));
        Assert.DoesNotContain(log.Collector.GetSnapshot(), r => r.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Idle_session_ends_with_the_web_server()
    {
        await using var client = await LoginAsync(
            "bot", o => (o.Reconnect.Enabled, o.Timeouts.Connect) = (false, TimeSpan.FromSeconds(1)));
        await NextAsync<SessionStarted>(client);
        await _web.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.NotEqual(SessionEndReason.Closed, (await NextAsync<SessionEnded>(client)).Reason);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<XmppClient> LoginAsync(string name, Action<XmppClientOptions>? configure = null) =>
        LoginAsync(_server.AddAccount(name), configure);

    private async Task<XmppClient> LoginAsync(TestAccount account, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions().UseTestServer(_web, account, TransportKind.Bosh);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        var client = new XmppClient(options);
        try
        {
            await client.ConnectAsync(Token).WaitAsync(Patience, Token);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    // A session that ends is none of it.
    private static async Task<string?> NextBodyAsync(XmppClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            switch (next)
            {
                case MessageReceived received:
                    return received.Message.Body;
                case SessionEnded ended:
                    throw new InvalidOperationException("The session ended.", ended.Error);
            }
        }

        throw new InvalidOperationException("The client ended without a message.");
    }

    private static async Task<T> NextAsync<T>(XmppClient client)
        where T : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            if (next is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The client ended without {typeof(T).Name}.");
    }
}
