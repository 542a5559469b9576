using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Storage;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests.Login;

/// <summary>Tokens instead of the password (XEP-0484 v0.2.0).</summary>
public sealed class FastTests
{
    private const string TokenNote = "login:token";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_that_was_lost_comes_back_with_a_token_and_its_session()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
        Assert.Contains("<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>", server.Transcript.ToString(), StringComparison.Ordinal);
        server.Transcript.Clear();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal(["HT-SHA-256-ENDP"], Mechanisms(server));
        Assert.Contains("<resumed", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    // Its proof is the same on every connection. Whoever has heard it, and sends it to a server that does not count, is refused.
    [Fact]
    public async Task Token_whose_proof_could_be_sent_once_more_is_used_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        var tokens = new List<string?> { live.Client.FindNote(TokenNote) };
        server.Transcript.Clear();
        for (var i = 0; i < 2; i++)
        {
            server.Faults.DropConnections();
            await live.ComeBackAsync();
            tokens.Add(live.Client.FindNote(TokenNote));
        }

        Assert.Equal(3, tokens.Distinct().Count());
        Assert.Equal(["HT-SHA-256-ENDP", "HT-SHA-256-ENDP"], Mechanisms(server));
        Assert.Equal(3, server.Transcript.ToString().Split(
            "<fast xmlns='urn:xmpp:fast:0' count='1' invalidate='true'/><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>").Length);
    }

    [Fact]
    public async Task Server_that_takes_a_token_and_gives_none_is_told_the_password_next_time()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        WireTap tap = null!;
        await using var live = await LiveClient.ConnectAsync(server, adapt: o => tap = new WireTap(o));
        tap.Change = element => element.Name.LocalName != "success" ? element : new XmppElement(
            element.Name, element.Attributes, [.. element.Content.ToArray().Where(n => n.Element?.Name.LocalName != "token")]);
        server.Transcript.Clear();
        for (var i = 0; i < 2; i++)
        {
            server.Faults.DropConnections();
            await live.ComeBackAsync();
            Assert.Null(live.Client.FindNote(TokenNote));
        }

        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task Token_is_in_no_log()
    {
        using var provider = new FakeLoggerProvider();
        using var factory = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.LoggerFactory = factory);
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        var secret = live.Client.FindNote(TokenNote)!.Split(' ')[^1];
        Assert.Equal(32, secret.Length);
        var log = string.Join('\n', provider.Collector.GetSnapshot().Select(r => $"{r.Message} {r.Exception}"));
        Assert.Contains("HT-SHA-256-ENDP", log, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_that_is_refused_is_followed_by_the_password_on_the_same_connection()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        var first = live.Client.FindNote(TokenNote);
        server.Transcript.Clear();
        server.Faults.RevokeTokens();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
        Assert.Contains("<resumed", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(first, live.Client.FindNote(TokenNote));

        server.Transcript.Clear();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal(["HT-SHA-256-ENDP"], Mechanisms(server));
    }

    // Prosody's modules do not know their own offer any more on a stream on which a token was refused.
    [Fact]
    public async Task Password_that_is_refused_behind_a_token_gets_a_connection_of_its_own()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        server.Transcript.Clear();
        server.Faults.RevokeTokens();
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => LoginAsync(server, account, store, o => o.Password = "wrong"));
        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
        await LoginAsync(server, account, store);
    }

    [Fact]
    public async Task Token_is_not_used_when_it_has_expired()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var store = new MemoryStore();
        var account = server.AddAccount("bot");
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await LoginAsync(server, account, store, o => o.TimeProvider = clock);
        clock.Advance(TimeSpan.FromDays(20));
        await LoginAsync(server, account, store, o => o.TimeProvider = clock);
        Assert.Equal(["SCRAM-SHA-256-PLUS", "HT-SHA-256-ENDP"], Mechanisms(server));
        server.Transcript.Clear();
        clock.Advance(TimeSpan.FromDays(2));
        await LoginAsync(server, account, store, o => o.TimeProvider = clock);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task Server_that_knows_better_that_a_token_has_expired_is_told_the_password()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        var store = new MemoryStore();
        var account = server.AddAccount("bot");
        await LoginAsync(server, account, store);
        clock.Advance(TimeSpan.FromDays(22));
        server.Transcript.Clear();
        await LoginAsync(server, account, store);
        Assert.Contains("<credentials-expired", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task New_token_takes_the_place_of_the_one_that_was_used()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { TokenRotation = TimeSpan.Zero } }, Token);
        await using var live = await LiveClient.ConnectAsync(server);
        var tokens = new List<string?> { live.Client.FindNote(TokenNote) };
        for (var i = 0; i < 3; i++)
        {
            server.Faults.DropConnections();
            await live.ComeBackAsync();
            tokens.Add(live.Client.FindNote(TokenNote));
        }

        Assert.Equal(4, tokens.Distinct().Count());
        Assert.Equal(["SCRAM-SHA-256-PLUS", "HT-SHA-256-ENDP", "HT-SHA-256-ENDP", "HT-SHA-256-ENDP"], Mechanisms(server));
    }

    [Theory]
    [InlineData(FastLie.Proof, "proof is wrong")]
    [InlineData(FastLie.NoProof, "without its proof")]
    public async Task Server_that_does_not_know_the_token_is_no_server_of_ours(FastLie lie, string problem)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var store = new MemoryStore();
        var account = server.AddAccount("bot");
        await LoginAsync(server, account, store);
        using (server.Faults.LieInFast(lie))
        {
            var error = await Assert.ThrowsAsync<XmppSecurityException>(() => LoginAsync(server, account, store));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }

        server.Transcript.Clear();
        await LoginAsync(server, account, store);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task Store_keeps_the_token_and_the_name_of_the_installation()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        await LoginAsync(server, account, store);
        await LoginAsync(server, account, store: null);
        Assert.Equal(["SCRAM-SHA-256-PLUS", "HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
        var names = Values(server, "<user-agent id='");
        Assert.Equal(names[0], names[1]);
        Assert.NotEqual(names[0], names[2]);
    }

    [Fact]
    public async Task Note_that_is_none_of_ours_is_no_token()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        live.Client.SetNote(TokenNote, "HT-SHA-256-ENDP tomorrow 1 secret");
        live.Client.SetNote("login:client", "nobody");
        live.Client.SetNote("login:pins", "everything");
        await live.Client.ConnectAsync(Token);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task Without_tokens_none_is_asked_for()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Login.Fast = FastTokens.None);
        Assert.DoesNotContain("<request-token", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.Null(live.Client.FindNote(TokenNote));
    }

    // Over the web nothing is pinned; elsewhere the options say that it may be so (DowngradeTests).
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Server_that_has_lost_SASL2_is_told_the_password_on_another_connection(bool overWeb, bool allowDowngrade)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var plain = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { Sasl2 = false } }, Token);
        var store = new MemoryStore();
        var account = server.AddAccount("bot", "secret");
        void Configure(XmppClientOptions options)
        {
            options.Login.AllowDowngrade = allowDowngrade;
            _ = new WireTap(options) { EndsTlsElsewhere = overWeb };
        }

        await LoginAsync(server, account, store, Configure);
        server.Transcript.Clear();
        var there = plain.AddAccount("bot", "secret");
        await LoginAsync(plain, there, store, Configure);
        Assert.Equal(2, Values(plain, "-- connected from ").Length);
        Assert.Single(Values(plain, "C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='"));
        plain.Transcript.Clear();
        await LoginAsync(plain, there, store, Configure);
        Assert.Single(Values(plain, "-- connected from "));

        // Nobody has refused the token.
        await LoginAsync(server, account, store, Configure);
        Assert.Equal([overWeb ? "HT-SHA-256-NONE" : "HT-SHA-256-ENDP"], Mechanisms(server));
    }

    [Fact]
    public async Task Server_that_has_lost_SASL2_and_had_to_keep_it_is_refused_and_the_token_kept()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var plain = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { Sasl2 = false } }, Token);
        var store = new MemoryStore();
        var account = server.AddAccount("bot", "secret");
        var there = plain.AddAccount("bot", "secret");
        await LoginAsync(server, account, store);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(plain, there, store));
            Assert.Equal("SASL2", error.Missing);
            Assert.Contains("nothing of the password was sent", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Values(plain, "C: <auth xmlns="));
        server.Transcript.Clear();
        await LoginAsync(server, account, store);
        Assert.Equal(["HT-SHA-256-ENDP"], Mechanisms(server));
    }

    [Fact]
    public async Task Last_words_are_sent_to_a_server_that_has_lost_SASL2()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server, adapt: o => _ = new WireTap(o) { EndsTlsElsewhere = true });
        using (server.Faults.StripSasl2())
        {
            server.Faults.DropConnections(live.Account);
            await live.EventAsync<SessionEnded>();
            await live.Client.SendAsync(juliet.Jid, "farewell", Token);
            await live.Client.CloseAsync(Token).Soon();
        }

        Assert.Equal("farewell", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Server_that_has_lost_tokens_is_told_the_password()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var plain = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { Fast = false } }, Token);
        var store = new MemoryStore();
        await LoginAsync(server, server.AddAccount("bot", "secret"), store);
        await LoginAsync(plain, plain.AddAccount("bot", "secret"), store);
        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(plain));
    }

    // A token that anybody with a certificate can pass on would undo the binding of passwords.
    [Theory]
    [InlineData(FastTokens.AsStrong, "SCRAM-SHA-256-PLUS", null)]
    [InlineData(FastTokens.Any, "SCRAM-SHA-256-PLUS", "HT-SHA-256-NONE")]
    [InlineData(FastTokens.AsStrong, "SCRAM-SHA-256", "HT-SHA-256-NONE")]
    public async Task Token_is_no_weaker_than_the_login_that_gets_it(FastTokens wanted, string mechanism, string? asked)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Mechanisms = [mechanism], Login = new TestLoginOptions { BoundTokens = false } }, Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Login.Fast = wanted);
        Assert.Equal(asked is null ? [] : [asked], Values(server, "<request-token xmlns='urn:xmpp:fast:0' mechanism='"));
        server.Transcript.Clear();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal([asked ?? mechanism], Mechanisms(server));
    }

    [Fact]
    public async Task Token_that_is_given_back_lets_nobody_in_any_more()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        var options = new XmppClientOptions { Store = store, StreamManagement = { Resume = false } }.UseTestServer(server, account);
        string note;
        await using (var client = new XmppClient(options))
        {
            await client.ConnectAsync(Token).Soon();
            note = client.FindNote(TokenNote)!;
            await client.CloseAsync(Token).Soon();
            server.Transcript.Clear();
            Assert.True(await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
            Assert.Null(client.FindNote(TokenNote));
            Assert.False(await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        }

        var said = string.Join('\n', server.Transcript.ToString().Split('\n').Where(l => l.Contains("C: <", StringComparison.Ordinal)));
        Assert.Contains("<fast xmlns='urn:xmpp:fast:0' count='1' invalidate='true'/>", said, StringComparison.Ordinal);
        Assert.DoesNotContain("<bind", said, StringComparison.Ordinal);
        Assert.DoesNotContain("<resume", said, StringComparison.Ordinal);

        // Nor does it whoever has got hold of it.
        await using (var thief = new XmppClient(options))
        {
            server.Transcript.Clear();
            await AddNoteAsync(store, options.Jid!, note);
            await thief.ConnectAsync(Token).Soon();
            Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
            await thief.CloseAsync(Token).Soon();
            Assert.True(await thief.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        }

        server.Transcript.Clear();
        await LoginAsync(server, account, store);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
    }

    [Fact]
    public async Task Session_goes_on_while_the_token_is_given_back()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        Assert.True(await live.Client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        await live.SettleAsync();
        server.Transcript.Clear();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Mechanisms(server));
        Assert.Contains("<resumed", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    // As whoever does who has changed the settings and wants to be rid of what there was.
    [Fact]
    public async Task Token_is_given_back_where_none_is_wanted_any_more()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        var options = new XmppClientOptions { Store = store, Login = { Fast = FastTokens.None }, StreamManagement = { Resume = false } };
        await using var client = new XmppClient(options.UseTestServer(server, account));
        await client.ConnectAsync(Token).Soon();
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS"], Mechanisms(server));
        Assert.NotNull(client.FindNote(TokenNote));
        Assert.True(await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Null(client.FindNote(TokenNote));
    }

    [Fact]
    public async Task Token_that_the_server_knows_no_more_is_forgotten()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.RevokeTokens();
        Assert.True(await live.Client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Null(live.Client.FindNote(TokenNote));
    }

    // What could not be told is told another time.
    [Theory]
    [InlineData("another server", typeof(XmppSecurityException))]
    [InlineData("no SASL2", typeof(XmppDowngradeException))]
    [InlineData("trouble", typeof(XmppAuthenticationException))]
    public async Task Token_stays_when_the_server_may_not_have_heard(string what, Type type)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        WireTap tap = null!;
        await using var live = await LiveClient.ConnectAsync(server, adapt: o => tap = new WireTap(o));
        await live.Client.CloseAsync(Token).Soon();
        using var fault = what switch
        {
            "another server" => server.Faults.LieInFast(FastLie.Proof),
            "no SASL2" => server.Faults.StripSasl2(),
            _ => null,
        };
        tap.Change = element => element.Name.LocalName != "success" ? element : what switch
        {
            "trouble" => XmppElement.Parse(
                "<failure xmlns='urn:xmpp:sasl:2'><temporary-auth-failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>"),
            _ => element,
        };
        var error = await Assert.ThrowsAnyAsync<XmppException>(() => live.Client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Equal(type, error.GetType());
        Assert.NotNull(live.Client.FindNote(TokenNote));
    }

    [Fact]
    public async Task Server_that_never_answers_holds_nobody_up()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        WireTap tap = null!;
        await using var live = await LiveClient.ConnectAsync(
            server, o => o.Timeouts.Request = TimeSpan.FromSeconds(77), o => tap = new WireTap(o));
        await live.Client.CloseAsync(Token).Soon();
        tap.Loses = element => element.Name.Namespace == "urn:xmpp:sasl:2"
            || element.Element(new XmlName("urn:ietf:params:xml:ns:xmpp-bind", "bind")) is not null;
        var forgetting = live.Client.ForgetTokenAsync(Token);
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(77));
        live.Clock.Advance(TimeSpan.FromSeconds(77));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => forgetting.WaitAsync(Hang.Limit, Token));
        Assert.NotNull(live.Client.FindNote(TokenNote));
    }

    [Fact]
    public async Task Token_that_cannot_be_used_here_is_forgotten_here_alone()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        WireTap tap = null!;
        await using var live = await LiveClient.ConnectAsync(server, adapt: o => tap = new WireTap(o));
        tap.EndsTlsElsewhere = true;
        Assert.False(await live.Client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Null(live.Client.FindNote(TokenNote));
    }

    [Fact]
    public async Task Nothing_is_forgotten_that_was_never_read()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var options = new XmppClientOptions { Store = new MemoryStore() }.UseTestServer(server, server.AddAccount("bot"));
        var client = new XmppClient(options);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ForgetTokenAsync(Token));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ForgetTokenAsync(Token));
    }

    private static async Task AddNoteAsync(MemoryStore store, Jid account, string token)
    {
        await store.OpenAsync(account, Token);
        await store.WriteAsync([new NoteSet(TokenNote, token)], Token);
        await store.CloseAsync();
    }

    private static async Task LoginAsync(
        XmppTestServer server, TestAccount account, IXmppStore? store, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions { Store = store, StreamManagement = { Resume = false } }.UseTestServer(server, account);
        configure?.Invoke(options);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        await client.CloseAsync(Token).Soon();
    }

    private static string[] Mechanisms(XmppTestServer server) =>
        Values(server, "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='");

    private static string[] Values(XmppTestServer server, string before) =>
        [.. server.Transcript.ToString().Split(before).Skip(1).Select(rest => rest.Split('\'')[0])];
}
