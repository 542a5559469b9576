namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>A client over WebSocket, and what a test server does to it.</summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dropped_connection_is_gone_on_with_and_a_closed_one_begins_anew(bool closeStream)
    {
        var account = _server.AddAccount("bot");
        await using var client = Client(account);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        _server.Faults.DropConnections(account, closeStream);
        await NextAsync<SessionEnded>(client);
        Assert.Equal(!closeStream, (await NextAsync<SessionStarted>(client)).Resumed);
    }

    // XEP-0478
    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_is_not_sent()
    {
        var account = _server.AddAccount("bot");
        await using var client = Client(account);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            async () => await client.SendAsync(account.Jid, new string('x', 262_144), Token));
        await client.SendAsync(account.Jid, "short", Token);
        Assert.Equal("short", (await NextAsync<MessageReceived>(client)).Message.Body);
    }

    [Fact]
    public async Task Restarted_server_lets_us_in_again()
    {
        await using var client = Client(_server.AddAccount("bot"));
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        await _server.RestartAsync();
        Assert.Equal(SessionEndReason.StreamError, (await NextAsync<SessionEnded>(client)).Reason);
        Assert.False((await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Corrupt_bytes_reach_the_client()
    {
        var account = _server.AddAccount("bot");
        await using var client = Client(account);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        await using var juliet = await _server.LoginAsync("juliet", Token);
        using (_server.Faults.CorruptByte(account: account))
        {
            await juliet.SendAsync(client.Jid, "hello", Token);
            Assert.Equal(SessionEndReason.ProtocolViolation, (await NextAsync<SessionEnded>(client)).Reason);
        }
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        var account = _server.AddAccount("bot");
        await using var client = Client(account, o => o.Password = "wrong");
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.Equal("not-authorized", error.Condition);
    }

    [Fact]
    public async Task Untrusted_certificate_is_refused()
    {
        var account = _server.AddAccount("bot");
        await using var client = Client(account, o => o.TrustedCertificates.Clear());
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.StartsWith(
            $"The server of {_web.WebSocketEndpoint} presented a certificate that nobody trusted here has signed", error.Message,
            StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_ends_the_stream()
    {
        var limits = new XmppTestServerLimits { Announce = false };
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Limits = limits }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, cancellationToken: Token);
        await using var client = new XmppClient(new XmppClientOptions().UseTestServer(web, server.AddAccount("bot")));
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        await client.SendAsync(client.Jid, new string('x', 300_000), Token);
        var error = Assert.IsType<XmppStreamException>((await NextAsync<SessionEnded>(client)).Error);
        Assert.Equal(XmppChatClient.Streams.StreamErrorCondition.PolicyViolation, error.Error.Condition);
    }

    [Fact]
    public async Task Plain_WebSocket_carries_a_session_where_TLS_is_disabled()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, new XmppTestWebServerOptions { UseTls = false }, Token);
        var options = new XmppClientOptions { Tls = TlsMode.Disabled }.UseTestServer(web, server.AddAccount("bot"));
        Assert.Equal("ws", options.Endpoint!.Scheme);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        Assert.DoesNotContain("starttls", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_is_named()
    {
        var options = new XmppTestWebServerOptions { Port = _web.WebSocketEndpoint.Port };
        await Assert.ThrowsAsync<TestServerException>(() => XmppTestWebServer.StartAsync(_server, options, Token));
    }

    [Fact]
    public async Task Idle_session_ends_with_the_web_server()
    {
        await using var client = Client(_server.AddAccount("bot"), o => o.Reconnect.Enabled = false);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await NextAsync<SessionStarted>(client);
        await _web.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.Equal(SessionEndReason.ConnectionLost, (await NextAsync<SessionEnded>(client)).Reason);
    }

    private XmppClient Client(TestAccount account, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions().UseTestServer(_web, account);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        return new XmppClient(options);
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
