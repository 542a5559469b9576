using System.Security.Authentication;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Storage;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests.Login;

/// <summary>Somebody with a certificate for the server's domain stands in between and would like to be let in too.</summary>
public sealed class LyingProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // By a client that has never been there.
    [Theory]
    [InlineData(ServerKind.Prosody, "-PLUS", typeof(XmppSecurityException), "XEP-0440")]
    [InlineData(ServerKind.Ejabberd, "-PLUS", typeof(XmppSecurityException), "XEP-0440")]
    [InlineData(ServerKind.Prosody, "-PLUS and its types", typeof(XmppAuthenticationException), "malformed-request")]
    [InlineData(ServerKind.Ejabberd, "-PLUS and its types", typeof(XmppSecurityException), "XEP-0474")]
    [InlineData(ServerKind.Prosody, "types", typeof(XmppSecurityException), "XEP-0440")]
    [InlineData(ServerKind.Ejabberd, "types", typeof(XmppSecurityException), "XEP-0440")]
    [InlineData(ServerKind.Prosody, "strong mechanisms", typeof(XmppSecurityException), "XEP-0474")]
    [InlineData(ServerKind.Ejabberd, "strong mechanisms", typeof(XmppSecurityException), "XEP-0474")]
    [InlineData(ServerKind.Prosody, "SASL2, -PLUS and its types", typeof(XmppAuthenticationException), "malformed-request")]
    [InlineData(ServerKind.Ejabberd, "SASL2, -PLUS and its types", typeof(XmppSecurityException), "XEP-0474")]
    [InlineData(ServerKind.Prosody, "all but PLAIN", typeof(XmppAuthenticationException), "AllowPlain")]
    [InlineData(ServerKind.Ejabberd, "all but PLAIN", typeof(XmppAuthenticationException), "AllowPlain")]
    public async Task Offer_that_was_changed_lets_nobody_in(ServerKind kind, string missing, Type type, string reason)
    {
        await using var server = await StartAsync(kind);
        var options = Accounts.Options(server, "alice", TlsMode.Direct);
        var tap = new WireTap(options) { Change = features => Strip(features, missing) };
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAnyAsync<XmppException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        TestContext.Current.TestOutputHelper?.WriteLine(error.Message);
        Assert.Equal(type, error.GetType());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(tap.Lines, l => l.StartsWith("C: <response", StringComparison.Ordinal));
    }

    // By one that has: it need not even begin to log in.
    [Theory]
    [InlineData(ServerKind.Prosody, "SASL2", "SASL2")]
    [InlineData(ServerKind.Ejabberd, "SASL2", "SASL2")]
    [InlineData(ServerKind.Prosody, "-PLUS and its types", "channel binding")]
    [InlineData(ServerKind.Ejabberd, "-PLUS and its types", "channel binding")]
    [InlineData(ServerKind.Prosody, "all but PLAIN", "SCRAM")]
    [InlineData(ServerKind.Ejabberd, "all but PLAIN", "SCRAM")]
    public async Task What_was_there_before_must_be_there(ServerKind kind, string missing, string named)
    {
        await using var server = await StartAsync(kind);
        var options = Accounts.Options(server, "alice", TlsMode.Direct);
        (options.Store, options.AllowPlain, options.Login.Fast) = (new MemoryStore(), true, FastTokens.None);
        var tap = new WireTap(options);
        await using (var before = new XmppClient(options))
        {
            await before.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            await before.CloseAsync(Token);
        }

        tap.Change = features => Strip(features, missing);
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppDowngradeException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Equal(named, error.Missing);
        Assert.Empty(tap.Mechanisms);
    }

    // The certificate is good, and not the server's: what proves that we know the password or the token is of no use to anybody else.
    [Theory]
    [InlineData(ServerKind.Prosody, SslProtocols.Tls12)]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls12)]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls13)]
    public async Task Proof_that_is_passed_on_is_refused(ServerKind kind, SslProtocols tls)
    {
        await using var server = await StartAsync(kind, tls);
        await using var proxy = new LyingProxy(server, tls) { IsActive = false };
        var options = Accounts.Options(server, "alice", TlsMode.Direct);
        (options.Port, options.Store) = (proxy.Port, new MemoryStore());
        var tap = new WireTap(options);
        await using (var before = new XmppClient(options))
        {
            await before.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            Assert.NotNull(before.FindNote("login:token"));
            await before.CloseAsync(Token);
        }

        proxy.IsActive = true;
        options.TrustedRoots = proxy.Certificates.TrustedRoots;
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"{error.Message}\n{string.Join('\n', tap.Lines)}");
        Assert.Contains("mechanism='HT-SHA-256-", proxy.Said, StringComparison.Ordinal);
        Assert.EndsWith("-PLUS", Assert.Single(tap.Mechanisms), StringComparison.Ordinal);
        Assert.Single(tap.Lines, l => l.StartsWith("S: <failure", StringComparison.Ordinal));
    }

    // Neither looks at the count that each login with a token has. One that is bound to the connection fails on another; any other
    // was good for one login.
    [Theory]
    [InlineData(ServerKind.Prosody, SslProtocols.Tls12, true, "HT-SHA-256-UNIQ")]
    [InlineData(ServerKind.Prosody, SslProtocols.Tls13, false, "HT-SHA-256-NONE")]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls12, true, "HT-SHA-256-UNIQ")]
    [InlineData(ServerKind.Ejabberd, SslProtocols.Tls13, true, "HT-SHA-256-ENDP")]
    public async Task Login_that_is_sent_once_more_lets_nobody_in(ServerKind kind, SslProtocols tls, bool binds, string mechanism)
    {
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings { CertificateBinding = binds, Tls = tls }, Token);
        var options = Accounts.Options(server, "alice", TlsMode.Direct);
        options.Store = new MemoryStore();
        var tap = new WireTap(options);
        for (var i = 0; i < 2; i++)
        {
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            await client.CloseAsync(Token);
        }

        Assert.Equal([mechanism], tap.Mechanisms);
        var login = tap.Lines.Single(l => l.StartsWith("C: <authenticate", StringComparison.Ordinal))["C: ".Length..];
        await using var again = await RawStream.ConnectAsync(server, server.DirectTlsPort, Token);
        await again.SecureAsync(Token, tls);
        await again.SendAsync(
            $"<stream:stream from='alice@{server.Domain}' to='{server.Domain}' version='1.0' xmlns='jabber:client' "
            + $"xmlns:stream='http://etherx.jabber.org/streams'>{login}",
            Token);
        var answer = await again.ReadUntilAsync(["</success>", "</failure>"], Token);
        Assert.Contains("<failure", answer, StringComparison.Ordinal);
        Assert.Contains("<not-authorized", answer, StringComparison.Ordinal);

        // The client it was heard from goes on as before.
        await using var next = new XmppClient(options);
        await next.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Equal([mechanism], tap.Mechanisms);
    }

    private static Task<XmppServer> StartAsync(ServerKind kind, SslProtocols tls = SslProtocols.Tls12 | SslProtocols.Tls13) =>
        XmppServer.StartNewAsync(kind, new ServerSettings { CertificateBinding = true, Tls = tls }, Token);

    private static XmppElement Strip(XmppElement element, string what) => what switch
    {
        "SASL2" => Offers.Without(element, Offers.Sasl2),
        "types" => Offers.Without(element, Offers.Bindings),
        "-PLUS" => Offers.Without(element, IsPlus),
        "-PLUS and its types" => Offers.Without(Offers.Without(element, IsPlus), Offers.Bindings),
        "SASL2, -PLUS and its types" => Offers.Without(Offers.Without(Offers.Without(element, IsPlus), Offers.Bindings), Offers.Sasl2),
        "strong mechanisms" => Offers.Without(element, m => !m.StartsWith("SCRAM-SHA-1", StringComparison.Ordinal)),
        "all but PLAIN" => Offers.Without(Offers.Without(element, m => m != "PLAIN"), Offers.Bindings),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static bool IsPlus(string mechanism) => mechanism.EndsWith("-PLUS", StringComparison.Ordinal);
}
