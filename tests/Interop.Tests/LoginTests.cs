using System.Security.Authentication;
using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

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
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings { Tls = tls, ProveOffer = false }, Token);
        var offered = await LoginAsync(server, only: null);
        Assert.Contains("SCRAM-SHA-1", offered);
        var used = new List<string>();
        foreach (var mechanism in offered.Where(m => m == "PLAIN" || m.StartsWith("SCRAM-", StringComparison.Ordinal)))
        {
            // Prosody binds to tls-exporter there, which the platform does not have, and ejabberd to tls-server-end-point too.
            if (tls == SslProtocols.Tls13 && kind == ServerKind.Prosody && mechanism.EndsWith("-PLUS", StringComparison.Ordinal))
            {
                await Assert.ThrowsAsync<XmppAuthenticationException>(() => LoginAsync(server, mechanism));
                continue;
            }

            await LoginAsync(server, mechanism);
            used.Add(mechanism);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind} {tls}: {string.Join(' ', used)} of {string.Join(' ', offered)}");
        Assert.Equal(tls == SslProtocols.Tls12 || kind == ServerKind.Ejabberd, used.Exists(m => m.EndsWith("-PLUS", StringComparison.Ordinal)));
    }

    // What somebody in between does to have a weaker one chosen.
    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-1")]
    public async Task Offer_that_was_changed_on_its_way_is_refused(string only)
    {
        var server = await servers.GetAsync(ServerKind.Ejabberd);
        var refused = await Assert.ThrowsAsync<XmppSecurityException>(() => LoginAsync(server, only));
        Assert.Contains("XEP-0474", refused.Message, StringComparison.Ordinal);
    }

    [Theory, EachServer]
    public async Task Client_certificate_logs_in_with_EXTERNAL(ServerKind kind)
    {
        await using var server = await XmppServer.StartNewAsync(
            kind, new ServerSettings { ClientCertificates = true }, Token);
        var options = Accounts.Options(server, "alice");
        options.Password = null;
        options.ClientCertificate = server.Certificates.AliceFile;
        var filter = new OfferFilter(options, "EXTERNAL");
        options.Connector = filter;
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

    private async Task<IReadOnlyList<string>> LoginAsync(XmppServer server, string? only)
    {
        var options = Accounts.Options(server, "alice");
        options.AllowPlain = only == "PLAIN";
        var filter = new OfferFilter(options, only);
        options.Connector = filter;
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        return filter.Offered;
    }
}
