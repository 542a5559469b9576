using System.Net;
using XmppChatClient.Storage;

namespace XmppChatClient.Core.Tests.Components;

public sealed class ComponentOptionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<XmppComponentOptions>> Mistakes => new()
    {
        { "Domain", o => o.Domain = null },
        { "Domain", o => o.Domain = "" },
        { "Domain", o => o.Domain = "riddle@quiz.example.org" },
        { "Domain", o => o.Domain = "quiz.example.org/x" },
        { "Domain", o => o.Domain = "quiz..example" },
        { "Secret", o => o.Secret = null },
        { "Secret", o => o.Secret = "" },
        { "SecretFile", o => o.SecretFile = "somewhere" },
        { "SecretFile", o => (o.Secret, o.SecretFile) = (null, "/nowhere/at/all") },
        { "Host", o => o.Host = "not a host" },
        { "Port", o => o.Port = 0 },
        { "Tls", o => o.Tls = (TlsMode)3 },
        { "TrustedRoots", o => o.TrustedRoots = "/nowhere/at/all" },
        { "Limits:StanzaBytes", o => o.Limits.StanzaBytes = 9999 },
        { "Timeouts:Handshake", o => o.Timeouts.Handshake = TimeSpan.Zero },
        { "Reconnect:FirstDelay", o => o.Reconnect.FirstDelay = TimeSpan.Zero },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void Mistake_is_named(string option, Action<XmppComponentOptions> make)
    {
        var options = new XmppComponentOptions { Domain = "quiz.example.org", Secret = "hush" };
        options.Validate();
        make(options);
        var error = Assert.Throws<ArgumentException>(options.Validate);
        Assert.StartsWith(option + " ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new XmppClient(options));
    }

    // XEP-0114 has no TLS: what another machine gets, everybody on the way gets.
    [Theory]
    [InlineData("192.0.2.1", TlsMode.Required, false)]
    [InlineData("2001:db8::1", TlsMode.Required, false)]
    [InlineData("192.0.2.1", TlsMode.Disabled, true)]
    [InlineData("192.0.2.1", TlsMode.Direct, true)]
    [InlineData("127.0.0.1", TlsMode.Required, true)]
    [InlineData("127.3.2.1", TlsMode.Required, true)]
    [InlineData("::1", TlsMode.Required, true)]
    [InlineData("localhost", TlsMode.Required, true)]
    public async Task Another_machine_is_not_talked_to_in_the_clear_unless_somebody_says_so(string host, TlsMode tls, bool isTried)
    {
        var dialer = new ComponentScripts.Dialer();
        await using var client = new XmppClient(new XmppComponentOptions
        {
            Domain = "quiz.example.org",
            Secret = "hush",
            Host = host,
            Tls = tls,
            Dialer = dialer,
        });
        var error = await Assert.ThrowsAnyAsync<XmppException>(() => client.ConnectAsync(Token));
        Assert.Equal(isTried, error is XmppConnectionException);
        Assert.Equal(!isTried, error is XmppSecurityException);
        Assert.Equal(isTried ? 5347 : null, dialer.Dialed?.Port);
        Assert.True(tls != TlsMode.Required || dialer.Dialed is null || IPAddress.IsLoopback(dialer.Dialed.Address));
    }

    [Fact]
    public async Task TLS_from_the_first_byte_is_checked_against_the_host()
    {
        var script = new ScriptedServer("S: !tls\n" + ComponentScripts.Login);
        var naming = new XmppClientOptions { Jid = Jid.Parse("localhost") }.UseScriptedServer(script);
        await using var client = new XmppClient(script.Options(o =>
        {
            o.Host = "localhost";
            o.Tls = TlsMode.Direct;
            o.TrustedCertificates.AddRange(naming.TrustedCertificates);
        }));
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Equal("", script.ApplicationProtocol);

    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Certificate_for_the_components_own_domain_is_for_another_name(string host)
    {
        var script = new ScriptedServer("S: !tls\n" + ComponentScripts.Login);
        var naming = new XmppClientOptions { Jid = Jid.Parse("quiz.example.org") }.UseScriptedServer(script);
        await using var client = new XmppClient(script.Options(o =>
        {
            o.Host = host;
            o.Tls = TlsMode.Direct;
            o.TrustedCertificates.AddRange(naming.TrustedCertificates);
        }));
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Contains("another name", error.Message, StringComparison.Ordinal);
        Assert.Contains(host, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_keeps_what_is_sent_without_a_connection()
    {
        var next = new ScriptedServer(
            ComponentScripts.Login + "C: <message from='riddle@quiz.example.org' to='juliet@example.org' id='m1'><body>kept</body></message>");
        var script = new ScriptedServer(ComponentScripts.Login + "S: !cut") { Next = next };
        await using var client = new XmppClient(script.Options(o =>
        {
            o.Store = new MemoryStore();
            o.Reconnect.Enabled = true;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        }));
        var running = client.RunAsync(Token);
        await foreach (var happened in client.ReadEventsAsync(Token))
        {
            if (happened is SessionEnded)
            {
                break;
            }
        }

        await client.SendAsync(
            new Message { Id = "m1", From = Jid.Parse("riddle@quiz.example.org"), To = Jid.Parse("juliet@example.org"), Body = "kept" }, Token);
        await next.Done.WaitAsync(Hang.Limit, Token);
        await client.CloseAsync(Token);
        await running.WaitAsync(Hang.Limit, Token);
    }
}
