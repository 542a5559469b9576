using XmppChatClient.Storage;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>A client over the web, and what a test server does to it.</summary>
public abstract class WebTests(TransportKind kind) : IAsyncLifetime
{
    // Far longer than anything here takes: for a test that would otherwise hang.
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected XmppTestServer Server { get; private set; } = null!;

    protected XmppTestWebServer Web { get; set; } = null!;

    private Uri Endpoint => kind == TransportKind.Bosh ? Web.BoshEndpoint : Web.WebSocketEndpoint;

    public async ValueTask InitializeAsync()
    {
        Server = await XmppTestServer.StartAsync(Token);
        Web = await XmppTestWebServer.StartAsync(Server, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dropped_connection_is_gone_on_with_and_a_closed_one_begins_anew(bool closeStream)
    {
        var account = Server.AddAccount("bot");
        await using var client = await LoginAsync(account);
        await NextAsync<SessionStarted>(client);
        Server.Faults.DropConnections(account, closeStream);
        await NextAsync<SessionEnded>(client);
        Assert.Equal(!closeStream, (await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Restarted_server_lets_us_in_again()
    {
        await using var client = await LoginAsync("bot");
        await NextAsync<SessionStarted>(client);
        await Server.RestartAsync();
        Assert.Equal(SessionEndReason.StreamError, (await NextAsync<SessionEnded>(client)).Reason);
        Assert.False((await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Fact]
    public async Task Corrupt_bytes_reach_the_client()
    {
        var account = Server.AddAccount("bot");
        await using var client = await LoginAsync(account);
        await NextAsync<SessionStarted>(client);
        await using var juliet = await Server.LoginAsync("juliet", Token);
        using (Server.Faults.CorruptByte(account: account))
        {
            await juliet.SendAsync(client.Jid, "hello", Token);
            Assert.Equal(SessionEndReason.ProtocolViolation, (await NextAsync<SessionEnded>(client)).Reason);
        }
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
            $"The server of {Endpoint} presented a certificate that nobody trusted here has signed", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    // XEP-0478
    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_is_not_sent()
    {
        await using var client = await LoginAsync("bot");
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            async () => await client.SendAsync(client.Jid, new string('x', 262_144), Token));
        await client.SendAsync(client.Jid, "short", Token);
        Assert.Equal("short", (await NextAsync<MessageReceived>(client)).Message.Body);
    }

    // One that does not say how long they may be.
    [Fact]
    public async Task Stanza_that_is_too_long_for_the_server_ends_the_stream()
    {
        var limits = new XmppTestServerLimits { Announce = false };
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Limits = limits }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, cancellationToken: Token);
        await using var client = await LoginAsync(web, server.AddAccount("bot"));
        await NextAsync<SessionStarted>(client);
        await client.SendAsync(client.Jid, new string('x', 300_000), Token);
        var error = Assert.IsType<XmppStreamException>((await NextAsync<SessionEnded>(client)).Error);
        Assert.Equal(XmppChatClient.Streams.StreamErrorCondition.PolicyViolation, error.Error.Condition);
    }

    // Nothing is pinned over the web (docs/LOGIN.md); over WebSocket the login with the token is sent before the offer comes.
    [Fact]
    public async Task Server_that_has_lost_SASL2_is_told_the_password()
    {
        var account = Server.AddAccount("bot", "secret");
        var store = new MemoryStore();
        await using (var first = await LoginAsync(account, o => o.Store = store))
        {
            await first.CloseAsync(Token).WaitAsync(Patience, Token);
        }

        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { Sasl2 = false } }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, cancellationToken: Token);
        await using var client = await LoginAsync(web, server.AddAccount("bot", "secret"), o => o.Store = store);
        Assert.Equal(SessionState.Online, client.State);
    }

    [Fact]
    public async Task Idle_session_ends_with_the_web_server()
    {
        await using var client = await LoginAsync(
            "bot", o => (o.Reconnect.Enabled, o.Timeouts.Connect) = (false, TimeSpan.FromSeconds(1)));
        await NextAsync<SessionStarted>(client);
        await Web.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.NotEqual(SessionEndReason.Closed, (await NextAsync<SessionEnded>(client)).Reason);
    }

    /// <summary>Options for an account that is reached by way of a web server.</summary>
    protected XmppClientOptions Options(XmppTestWebServer web, TestAccount account, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions().UseTestServer(web, account, kind);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>A client that is online, with an account made for it.</summary>
    protected Task<XmppClient> LoginAsync(string name, Action<XmppClientOptions>? configure = null) =>
        LoginAsync(Server.AddAccount(name), configure);

    protected Task<XmppClient> LoginAsync(TestAccount account, Action<XmppClientOptions>? configure = null) =>
        LoginAsync(Web, account, configure);

    protected async Task<XmppClient> LoginAsync(XmppTestWebServer web, TestAccount account, Action<XmppClientOptions>? configure = null)
    {
        var client = new XmppClient(Options(web, account, configure));
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

    protected static async Task<T> NextAsync<T>(XmppClient client)
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
