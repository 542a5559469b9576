using System.Security.Authentication;
using XmppChatClient.CatchUp;
using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Storage;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Interop.Tests.Login;

/// <summary>SASL2 (XEP-0388), Bind 2 (0386), FAST (0484) and inline resumption (0198) as Prosody's modules and ejabberd do them, and
/// how often a login then waits (docs/LOGIN.md).</summary>
public sealed class Sasl2Tests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Prosody, LoginGuide.Cold, TlsMode.Required, false, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.Cold, TlsMode.Direct, false, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.Sasl2, TlsMode.Required, true, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.Sasl2, TlsMode.Direct, true, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.Sasl2AndBind2, TlsMode.Required, true, Bind2Use.Always)]
    [InlineData(ServerKind.Prosody, LoginGuide.Sasl2AndBind2, TlsMode.Direct, true, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Cold, TlsMode.Required, false, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Cold, TlsMode.Direct, false, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Sasl2, TlsMode.Required, true, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Sasl2, TlsMode.Direct, true, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Sasl2AndBind2, TlsMode.Required, true, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Sasl2AndBind2, TlsMode.Direct, true, Bind2Use.Always)]
    public async Task Login_with_the_password(ServerKind kind, string row, TlsMode tls, bool sasl2, Bind2Use bind2)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, tls);
        (options.Login.Sasl2, options.Login.Bind2, options.Login.Tag) = (sasl2, bind2, "bot");
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Show(tap);
        Assert.Equal(LoginGuide.RoundTrips(row, tls), tap.RoundTrips);
        Assert.Equal(kind == ServerKind.Ejabberd, Assert.Single(tap.Mechanisms).EndsWith("-PLUS", StringComparison.Ordinal));
        Assert.Equal(bind2 == Bind2Use.Always, client.Jid.Resource!.StartsWith("bot", StringComparison.Ordinal));
    }

    // Prosody's tokens are bound to tls-exporter alone over TLS 1.3, as its logins by password are by default; the platform has none.
    [Theory]
    [InlineData(ServerKind.Prosody, TlsMode.Direct, "HT-SHA-256-NONE")]
    [InlineData(ServerKind.Prosody, TlsMode.Required, "HT-SHA-256-NONE")]
    [InlineData(ServerKind.Ejabberd, TlsMode.Direct, "HT-SHA-256-ENDP")]
    [InlineData(ServerKind.Ejabberd, TlsMode.Required, "HT-SHA-256-ENDP")]
    public async Task Session_goes_on_with_a_token(ServerKind kind, TlsMode tls, string mechanism)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, tls);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);
        for (var i = 0; i < 3; i++)
        {
            await client.AbortAsync(new XmppConnectionException("The cable was cut."));
            Assert.True((await client.NextAsync<SessionStarted>(_ => true, Token)).Resumed);
            var login = tap.Lines.TakeWhile(l => !l.StartsWith("S: <success", StringComparison.Ordinal)).Append("S: <success>").ToArray();
            Show(tap);
            Assert.Equal([mechanism], tap.Mechanisms);
            Assert.Equal(LoginGuide.RoundTrips(LoginGuide.TokenAndResume, tls), WireTap.Count(login));

            // It carries stanzas.
            await client.SendAsync(client.Jid, $"{i}", Token);
            Assert.Equal($"{i}", (await client.NextAsync<MessageReceived>(_ => true, Token)).Message.Body);
        }
    }

    [Theory]
    [InlineData(ServerKind.Prosody, LoginGuide.Token, TlsMode.Required, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.Token, TlsMode.Direct, Bind2Use.Never)]
    [InlineData(ServerKind.Prosody, LoginGuide.TokenAndBind2, TlsMode.Required, Bind2Use.Always)]
    [InlineData(ServerKind.Prosody, LoginGuide.TokenAndBind2, TlsMode.Direct, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Token, TlsMode.Required, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.Token, TlsMode.Direct, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.TokenAndBind2, TlsMode.Required, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, LoginGuide.TokenAndBind2, TlsMode.Direct, Bind2Use.Always)]
    public async Task Next_process_logs_in_with_the_token(ServerKind kind, string row, TlsMode tls, Bind2Use bind2)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, tls);
        (options.Login.Bind2, options.Store) = (bind2, new MemoryStore());
        options.StreamManagement.Resume = false;
        for (var i = 0; i < 3; i++)
        {
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            Show(tap);
            Assert.Equal(LoginGuide.RoundTrips(i > 0 ? row : bind2 == Bind2Use.Always ? LoginGuide.Sasl2AndBind2 : LoginGuide.Sasl2, tls), tap.RoundTrips);
            Assert.Equal(i == 0, tap.Mechanisms.Single().StartsWith("SCRAM-", StringComparison.Ordinal));
            await client.CloseAsync(Token);
        }
    }

    [Theory, EachServer]
    public async Task Token_that_the_server_does_not_know_is_followed_by_the_password(ServerKind kind)
    {
        var (client, tap, note) = await OnlineWithTokenAsync(kind);
        await using var online = client;
        await AssertPasswordFollowsAsync(client, tap, note + "x");
        Assert.NotEqual(note, client.FindNote("login:token"));
    }

    [Theory, EachServer]
    public async Task Token_that_is_given_back_lets_nobody_in_any_more(ServerKind kind)
    {
        var (client, tap, note) = await OnlineWithTokenAsync(kind);
        await using var online = client;

        // While the session is there: it goes on.
        Assert.True(await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
        Show(tap);
        Assert.Null(client.FindNote("login:token"));
        await client.SendAsync(client.Jid, "still here", Token);
        Assert.Equal("still here", (await client.NextAsync<MessageReceived>(_ => true, Token)).Message.Body);

        await AssertPasswordFollowsAsync(client, tap, note);

        // And after it has ended.
        await client.CloseAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.True(await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
    }

    // Nothing is bound there, so each token is for one login. ejabberd, which does not know of TLS there, offers no SASL2.
    [Theory]
    [InlineData(ServerKind.Prosody, Network.WebSocket, true)]
    [InlineData(ServerKind.Prosody, Network.Bosh, true)]
    [InlineData(ServerKind.Ejabberd, Network.WebSocket, false)]
    [InlineData(ServerKind.Ejabberd, Network.Bosh, false)]
    public async Task Over_the_web_tokens_are_used_once_and_given_back_as_well(ServerKind kind, Network network, bool isOffered)
    {
        var server = await servers.GetAsync(kind);
        var user = $"web-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, Token);
        var options = new NetworkAccounts(network).Options(server, user);
        (options.Store, options.StreamManagement.Resume) = (new MemoryStore(), false);
        var tokens = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            Assert.Equal(isOffered, client.FindNote("login:offer") is not null);
            tokens.Add(client.FindNote("login:token"));
            await client.CloseAsync(Token).WaitAsync(Hang.Limit, Token);
            if (i == 2)
            {
                Assert.Equal(isOffered, await client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));
                Assert.Null(client.FindNote("login:token"));
            }
        }

        Assert.Equal(isOffered ? 3 : 1, tokens.Distinct().Count());
        Assert.All(tokens, t => Assert.Equal(isOffered ? "HT-SHA-256-NONE" : null, t?.Split(' ')[0]));
    }

    [Theory]
    [InlineData(ServerKind.Prosody, Bind2Use.Always)]
    [InlineData(ServerKind.Ejabberd, Bind2Use.Always)]
    [InlineData(ServerKind.Prosody, Bind2Use.Never)]
    [InlineData(ServerKind.Ejabberd, Bind2Use.Never)]
    public async Task Session_that_the_server_has_forgotten_is_followed_by_a_new_one(ServerKind kind, Bind2Use bind2)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, TlsMode.Direct);
        (options.Login.Bind2, options.Store) = (bind2, new MemoryStore());
        await using (var client = new XmppClient(options))
        {
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        }

        // As a process leaves it that was killed long ago.
        await options.Store.OpenAsync(options.Jid!, Token);
        await options.Store.WriteAsync(
            [new SessionSaved(new StoredSession("nobody-knows-this", options.Jid!.WithResource("gone"), null, 0))], Token);
        await options.Store.CloseAsync();

        await using var next = new XmppClient(options);
        await next.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Show(tap);
        Assert.NotEqual("gone", next.Jid.Resource);
        Assert.Contains(tap.Lines, l => l.StartsWith("C: <authenticate", StringComparison.Ordinal) && l.Contains("previd='nobody-knows-this'", StringComparison.Ordinal));
    }

    // What is bound by password is not to be had with a token that is not.
    [Theory]
    [InlineData(SslProtocols.Tls12, FastTokens.AsStrong, "HT-SHA-256-UNIQ")]
    [InlineData(SslProtocols.Tls13, FastTokens.AsStrong, null)]
    [InlineData(SslProtocols.Tls13, FastTokens.Any, "HT-SHA-256-NONE")]
    public async Task Token_of_Prosody_is_no_weaker_than_the_password(SslProtocols tls, FastTokens fast, string? mechanism)
    {
        await using var server = await XmppServer.StartNewAsync(
            ServerKind.Prosody, new ServerSettings { Tls = tls, CertificateBinding = true }, Token);
        var (options, tap) = await NewAsync(server, TlsMode.Direct);
        (options.Login.Fast, options.Store) = (fast, new MemoryStore());
        var used = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            used.AddRange(tap.Mechanisms);
            await client.CloseAsync(Token);
        }

        Assert.Equal(["SCRAM-SHA-256-PLUS", mechanism ?? "SCRAM-SHA-256-PLUS"], used);
    }

    [Fact]
    public async Task Server_without_SASL2_is_logged_in_to_as_ever()
    {
        await using var server = await XmppServer.StartNewAsync(ServerKind.Prosody, new ServerSettings { Sasl2 = false }, Token);
        var (options, tap) = await NewAsync(server, TlsMode.Direct);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Contains(tap.Lines, l => l.StartsWith("C: <auth ", StringComparison.Ordinal));
    }

    // XEP-0386 §3.2 has servers drop what they keep for whoever binds so; ejabberd does.
    [Theory, EachServer]
    public async Task What_was_said_while_nobody_was_there_is_not_lost_with_Bind_2(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, TlsMode.Direct);
        options.Store = new MemoryStore();
        options.Presence = new PresenceOptions();
        options.Ensure<CatchUpModule>();
        await using var alice = await Accounts.LoginNewAsync(server, "alice", Token);
        await using (var before = new XmppClient(options))
        {
            await before.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            await alice.SendAsync(before.Jid, "seen", Token);
            var seen = await before.NextAsync<MessageReceived>(_ => true, Token);
            Assert.Equal("seen", seen.Message.Body);
            await seen.MarkHandledAsync();
            await before.CloseAsync(Token);
        }

        await server.WaitUntilGoneAsync(options.Jid!.Local!, Token);
        for (var i = 0; i < 3; i++)
        {
            var sent = await alice.SendAsync(options.Jid, $"missed {i}", Token);
            await sent.SettledAsync(Token).WaitAsync(Hang.Limit, Token);
        }

        await using var after = new XmppClient(options);
        await after.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Contains(tap.Lines, l => l.StartsWith("S: <success", StringComparison.Ordinal) && l.Contains("<bound", StringComparison.Ordinal));
        await alice.SendAsync(after.Jid, "last", Token);
        var bodies = new List<string?>();
        while (bodies is not [.., "last"])
        {
            bodies.Add((await after.NextAsync<MessageReceived>(_ => true, Token)).Message.Body);
        }

        Assert.Equal(["missed 0", "missed 1", "missed 2", "last"], bodies);
    }

    private async Task<(XmppClient Client, WireTap Tap, string Note)> OnlineWithTokenAsync(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var (options, tap) = await NewAsync(server, TlsMode.Direct);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);
        return (client, tap, client.FindNote("login:token")!);
    }

    // A token that the server does not take: the session goes on all the same.
    private static async Task AssertPasswordFollowsAsync(XmppClient client, WireTap tap, string note)
    {
        client.SetNote("login:token", note);
        await client.AbortAsync(new XmppConnectionException("The cable was cut."));
        Assert.True((await client.NextAsync<SessionStarted>(_ => true, Token)).Resumed);
        Show(tap);
        Assert.Equal([note.Split(' ')[0], "SCRAM"], tap.Mechanisms.Select(m => m.StartsWith("SCRAM", StringComparison.Ordinal) ? "SCRAM" : m));
    }

    private static async Task<(XmppClientOptions Options, WireTap Tap)> NewAsync(XmppServer server, TlsMode tls)
    {
        var user = $"login-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, Token);
        var options = Accounts.Options(server, user, tls);
        options.Presence = null;
        foreach (var module in options.Modules.ToArray())
        {
            options.Modules.Remove(module);
        }

        options.Ensure<Archive.ArchiveModule>();
        return (options, new WireTap(options));
    }

    private static void Show(WireTap tap) => TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', tap.Lines));
}
