using System.Security.Authentication;
using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Login;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Interop.Tests;

public abstract class LoginTests(SharedServers servers, Network network)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Stands before the class of that name, whose clients know sockets only.
    private NetworkAccounts Accounts { get; } = new(network);

    [Theory, EachServer]
    public async Task Default_login_gets_a_resource_over_TLS_1_3(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var client = await Accounts.LoginNewAsync(server, "login", Token);
        Assert.False(client.Jid.IsBare);
        Assert.Equal(SessionState.Online, client.State);
    }

    [Theory, EachServer]
    public async Task Wanted_resource_is_bound(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var client = await Accounts.LoginNewAsync(
            server, "resource", Token, o => o.Jid = o.Jid!.WithResource("Balcony 1"));
        Assert.Equal("Balcony 1", client.Jid.Resource);
    }

    [Theory, EachServer]
    public async Task Direct_TLS_works(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var client = new XmppClient(Accounts.Options(server, "alice", TlsMode.Direct));
        await client.ConnectAsync(Token);
        Assert.Equal(SessionState.Online, client.State);
    }

    [Theory]
    [InlineData(ServerKind.Prosody, SslProtocols.Tls12)]
    [InlineData(ServerKind.Prosody, SslProtocols.Tls13)]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls12)]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls13)]
    public async Task Every_mechanism_offered_lets_us_in(ServerKind kind, SslProtocols tls)
    {
        // What is hidden from the client here, it would take for somebody's lie.
        await using var server = await XmppServer.StartNewAsync(
            kind, new ServerSettings { Tls = tls, ProveOffer = false, CertificateBinding = true }, Token);
        foreach (var profile in new[] { Offers.Sasl, Offers.Sasl2 })
        {
            var offered = await LoginAsync(server, profile, only: null);
            Assert.Contains("SCRAM-SHA-1", offered);
            Assert.Contains("SCRAM-SHA-1-PLUS", offered);
            var usable = offered.Where(m => m == "PLAIN" || m.StartsWith("SCRAM-", StringComparison.Ordinal)).ToArray();
            foreach (var mechanism in usable)
            {
                await LoginAsync(server, profile, mechanism);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{kind} {tls} {profile}: {string.Join(' ', usable)} of {string.Join(' ', offered)}");
        }
    }

    [Theory, EachServer]
    public async Task Client_certificate_logs_in_with_EXTERNAL(ServerKind kind)
    {
        await using var server = await XmppServer.StartNewAsync(
            kind, new ServerSettings { ClientCertificates = true }, Token);
        var options = Accounts.Options(server, "alice");
        options.Password = null;
        options.ClientCertificate = server.Certificates.AliceFile;
        _ = new WireTap(options) { Change = features => Offers.Without(features, m => m != "EXTERNAL") };
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        Assert.Equal("alice", client.Jid.Local);
    }

    [Theory, EachServer]
    public async Task Anonymous_login_gets_an_address(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = Accounts.Options(server, "alice");
        options.Jid = Jid.Parse(server.AnonymousDomain);
        options.Password = null;
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        Assert.Equal(server.AnonymousDomain, client.Jid.Domain);
        Assert.NotNull(client.Jid.Local);
    }

    [Theory, EachServer]
    public async Task Wrong_password_is_refused_with_its_condition(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = Accounts.Options(server, "alice");
        options.Password = "not the password";
        await using var client = new XmppClient(options);
        var refused = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token));
        Assert.Equal("not-authorized", refused.Condition);
        Assert.False(refused.IsTransient);
        Assert.DoesNotContain("not the password", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory, EachServer]
    public async Task Server_without_STARTTLS_is_refused(ServerKind kind)
    {
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings { OfferTls = false }, Token);
        await using var client = new XmppClient(Accounts.Options(server, "alice"));
        var refused = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token));
        Assert.Contains("STARTTLS", refused.Message, StringComparison.Ordinal);

        var options = Accounts.Options(server, "alice", TlsMode.Disabled);
        await using var careless = new XmppClient(options);
        await careless.ConnectAsync(Token);
        Assert.Equal(SessionState.Online, careless.State);
    }

    private async Task<string[]> LoginAsync(XmppServer server, string profile, string? only)
    {
        var options = Accounts.Options(server, "alice");
        options.AllowPlain = only == "PLAIN";
        options.Login.Sasl2 = profile == Offers.Sasl2;
        string[] offered = [];
        var tap = new WireTap(options)
        {
            // A client that can bind and is offered no -PLUS says so, and an honest server that has one then refuses it.
            HidesBindings = only?.EndsWith("-PLUS", StringComparison.Ordinal) == false,
            Change = features =>
            {
                offered = Offers.Mechanisms(features, profile) is { Length: > 0 } some ? some : offered;
                return Offers.Without(features, m => only is not null && m != only);
            },
        };
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        Assert.Equal(only ?? tap.Mechanisms.Single(), tap.Mechanisms.Single());
        return offered;
    }
}
