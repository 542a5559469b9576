using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Core.Tests;

public sealed class TlsTests(Certificates certificates) : IClassFixture<Certificates>
{
    private const string Plain =
        "C: version='1.0'\nS: " + Logins.Header + "\n"
        + "S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TlsMode.Required, Logins.Whole, "")]
    [InlineData(TlsMode.Direct, "S: !tls\n" + Logins.Offer + Logins.Scram + Logins.Bind, "xmpp-client")]
    public async Task Whole_login_succeeds(TlsMode mode, string script, string protocol)
    {
        var server = Logins.Server(script, certificates);
        await using var client = new XmppClient(server.Options(certificates, o => o.Tls = mode));
        await client.ConnectAsync(Token).Soon();
        await server.Done.Soon();
        Assert.Equal(Jid.Parse("alice@example.test/1"), client.Jid);
        Assert.Equal(protocol, server.ApplicationProtocol);
        Assert.Contains("from='alice@example.test'", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_that_is_in_no_file_is_trusted_too()
    {
        var server = Logins.Server(Logins.Whole, certificates);
        await using var client = new XmppClient(server.Options(certificates, o =>
        {
            o.TrustedCertificates.ImportFromPemFile(o.TrustedRoots!);
            o.TrustedRoots = null;
        }));
        await client.ConnectAsync(Token).Soon();
        await server.Done.Soon();
    }

    [Fact]
    public async Task Login_is_bound_to_its_channel_where_the_server_can()
    {
        var script = Logins.StartTls + Logins.Offer
            .Replace("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", StringComparison.Ordinal)
            .Replace("</stream:features>", "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding></stream:features>", StringComparison.Ordinal)
            + Logins.Scram + Logins.Bind;
        var server = Logins.Server(script, certificates);
        await using var client = new XmppClient(server.Options(certificates));
        await client.ConnectAsync(Token).Soon();
        Assert.StartsWith("p=tls-server-end-point,", server.SaslOf()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsMode.Required, ServerCertificate.Server, false, "that nobody trusted here has signed")]
    [InlineData(TlsMode.Required, ServerCertificate.SelfSigned, true, "that nobody trusted here has signed")]
    [InlineData(TlsMode.Required, ServerCertificate.Expired, true, "that is valid only from")]
    [InlineData(TlsMode.Required, ServerCertificate.WrongHost, true, "for another name (elsewhere.test)")]
    [InlineData(TlsMode.Direct, ServerCertificate.Server, false, "that nobody trusted here has signed")]
    [InlineData(TlsMode.Direct, ServerCertificate.SelfSigned, true, "that nobody trusted here has signed")]
    [InlineData(TlsMode.Direct, ServerCertificate.Expired, true, "that is valid only from")]
    [InlineData(TlsMode.Direct, ServerCertificate.WrongHost, true, "for another name (elsewhere.test)")]
    public async Task Certificate_that_does_not_hold_is_named(
        TlsMode mode, ServerCertificate certificate, bool trust, string problem)
    {
        var script = mode == TlsMode.Direct ? "S: !tls\nC: version" : Logins.StartTls + "C: version";
        var server = Logins.Server(script, certificates, certificate);
        await using var client = new XmppClient(server.Options(certificates, o =>
        {
            o.Tls = mode;
            o.TrustedRoots = trust ? certificates.TrustedRoots : null;
        }));
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("example.test", error.Message, StringComparison.Ordinal);
        await server.HungUp.Soon();
        Assert.DoesNotContain("alice", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Self_signed_certificate_that_is_trusted_by_name_holds()
    {
        var server = Logins.Server(Logins.Whole, certificates, ServerCertificate.SelfSigned);
        await using var client = new XmppClient(server.Options(
            certificates, o => o.TrustedRoots = certificates.FileOf(ServerCertificate.SelfSigned)));
        await client.ConnectAsync(Token).Soon();
    }

    [Theory]
    [InlineData("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "answered <failure/>")]
    [InlineData("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "answered <proceed/>")]
    [InlineData("<stream:features/>", "answered <features/>")]
    [InlineData("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>", "in the clear")]
    [InlineData("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/> ", "in the clear")]
    [InlineData("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><", "in the clear")]
    public async Task Anything_but_a_bare_proceed_is_refused(string answer, string problem)
    {
        var server = new ScriptedServer(string.Join('\n', Logins.Lines(Logins.StartTls)[..^2]))
        {
            Then = s => s.SendAsync(answer),
        };
        await using var client = new XmppClient(server.Options(certificates));
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        await server.HungUp.Soon();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("<stream:features/>")]
    public async Task Handshake_that_is_no_TLS_is_a_lost_connection(string answer)
    {
        var server = new ScriptedServer(string.Join('\n', Logins.Lines(Logins.StartTls)[..^1]))
        {
            Then = async s =>
            {
                await s.ReadMoreAsync();
                await s.SendAsync(answer);
            },
        };
        await using var client = new XmppClient(server.Options(certificates));
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        await server.HungUp.Soon();
    }

    [Fact]
    public Task STARTTLS_that_is_gone_the_second_time_is_fatal() => SecondServerIsRefusedAsync(
        Logins.Offer, SessionEndReason.SecurityViolation, "STARTTLS");

    [Fact]
    public Task SCRAM_that_is_gone_the_second_time_is_fatal() => SecondServerIsRefusedAsync(
        Logins.StartTls + Plain, SessionEndReason.SecurityViolation, "nothing but PLAIN");

    [Fact]
    public Task No_mechanism_at_all_the_second_time_is_fatal() => SecondServerIsRefusedAsync(
        Logins.StartTls + Plain.Replace("PLAIN", "DIGEST-MD5", StringComparison.Ordinal),
        SessionEndReason.AuthenticationFailed, "DIGEST-MD5");

    private async Task SecondServerIsRefusedAsync(string script, SessionEndReason reason, string problem)
    {
        var time = new FakeTimeProvider();
        var second = Logins.Server(script, certificates);
        var first = Logins.Server(Logins.Whole + "S: !cut", certificates, next: second);
        await using var client = new XmppClient(first.Options(certificates, o =>
        {
            o.AllowPlain = true;
            o.Reconnect.Enabled = true;
            o.TimeProvider = time;
        }));
        var running = client.RunAsync(Token);
        var events = new List<XmppEvent>();
        var error = await Assert.ThrowsAnyAsync<XmppException>(async () =>
        {
            await foreach (var next in client.ReadEventsAsync(Token))
            {
                events.Add(next);
                if (next is SessionEnded { RetryIn: { } wait })
                {
                    time.Advance(wait);
                }
            }
        }).Soon();
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Same(error, await Assert.ThrowsAnyAsync<XmppException>(() => running));
        Assert.Collection(
            events,
            e => Assert.IsType<SessionStarted>(e),
            e => Assert.Equal(SessionEndReason.ConnectionLost, Assert.IsType<SessionEnded>(e).Reason),
            e => Assert.Equal(new SessionEnded(reason, error, null), e));
        await second.HungUp.Soon();
        Assert.DoesNotContain("<auth", second.Received, StringComparison.Ordinal);
    }
}
