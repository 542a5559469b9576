using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using XmppChatClient.Testing.Streams;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Faults;

public sealed class LoginFaultTests
{
    private const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

    private static readonly XmppTestServerOptions Rfc6120 = new() { Login = new TestLoginOptions { Sasl2 = false } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BadCertificate.Expired, TlsMode.Required, "that is valid only from")]
    [InlineData(BadCertificate.WrongHost, TlsMode.Required, "for another name (elsewhere.test)")]
    [InlineData(BadCertificate.SelfSigned, TlsMode.Required, "that nobody trusted here has signed")]
    [InlineData(BadCertificate.Expired, TlsMode.Direct, "that is valid only from")]
    [InlineData(BadCertificate.WrongHost, TlsMode.Direct, "for another name (elsewhere.test)")]
    [InlineData(BadCertificate.SelfSigned, TlsMode.Direct, "that nobody trusted here has signed")]
    public async Task Bad_certificate_is_refused_before_anything_is_said(BadCertificate bad, TlsMode tls, string problem)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server, o => o.Tls = tls);
        using (server.Faults.PresentCertificate(bad))
        {
            var error = await live.FailAsync<XmppSecurityException>();
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("from='bot", server.Transcript.ToString(), StringComparison.Ordinal);
        }

        await live.Client.ConnectAsync(Token);
    }

    [Theory]
    [InlineData(BadCertificate.Expired, true, "CN=localhost", "CN=XmppTestServer root")]
    [InlineData(BadCertificate.WrongHost, false, "CN=elsewhere.test", "CN=XmppTestServer root")]
    [InlineData(BadCertificate.SelfSigned, false, "CN=localhost", "CN=localhost")]
    public async Task Bad_certificate_is_bad_in_that_way_alone(BadCertificate bad, bool expired, string subject, string issuer)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.Faults.PresentCertificate(bad);
        X509Certificate2? shown = null;
        await using var tls = new SslStream(server.Engine.Connect(ConnectionKind.DirectTls));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                    return shown.Subject.Length > 0;
                },
            },
            Token);
        Assert.Equal((subject, issuer), (shown!.Subject, shown.Issuer));
        Assert.Equal(expired, shown.NotAfter < DateTime.Now);
        Assert.True(shown.NotBefore < DateTime.Now);
        shown.Dispose();
    }

    [Theory]
    [InlineData(new string[0], "")]
    [InlineData(new[] { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS" }, "SCRAM-SHA-256 SCRAM-SHA-1 PLAIN")]
    public async Task Stripped_mechanisms_are_not_on_offer(string[] stripped, string left)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.Faults.StripMechanisms(stripped);
        Assert.Equal(left, await OfferAsync(server));
    }

    [Fact]
    public async Task Forged_offer_is_what_the_client_sees()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.Faults.OfferMechanisms("DIGEST-MD5", "PLAIN");
        Assert.Equal("DIGEST-MD5 PLAIN", await OfferAsync(server));
    }

    [Theory]
    [InlineData()]
    [InlineData("DIGEST-MD5")]
    [InlineData("PLAIN")]
    public async Task Offer_of_nothing_good_enough_gets_no_credential(params string[] mechanisms)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        server.Faults.OfferMechanisms(mechanisms);
        await Assert.ThrowsAnyAsync<XmppException>(() => live.Client.ConnectAsync(Token));
        Assert.DoesNotContain("C: <auth", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    // RFC 5802 §6: the client says that it could have bound the channel, and so the server knows.
    [Fact]
    public async Task Channel_binding_that_was_taken_out_of_the_offer_is_found_out()
    {
        await using var server = await XmppTestServer.StartAsync(Rfc6120, Token);
        await using var live = LiveClient.Create(server);
        server.Faults.StripMechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS");
        var error = await live.FailAsync<XmppAuthenticationException>();
        Assert.Equal("malformed-request", error.Condition);
    }

    // XEP-0440 v1.0.0 §3: types without -PLUS cannot be, with SASL2.
    [Fact]
    public async Task Channel_binding_that_was_taken_out_of_the_offer_of_SASL2_is_found_out_at_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        server.Faults.StripMechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS");
        await live.FailAsync<XmppSecurityException>();
        Assert.DoesNotContain("C: <auth", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    // XEP-0474 v0.5.0 §6
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Weaker_mechanism_than_the_server_offered_gets_no_proof(bool sasl2)
    {
        await using var server = await XmppTestServer.StartAsync(sasl2 ? new XmppTestServerOptions() : Rfc6120, Token);
        await using var live = LiveClient.Create(server);
        using (server.Faults.StripMechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))
        {
            var error = await live.FailAsync<XmppSecurityException>();
            Assert.Contains("XEP-0474", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("C: <response", server.Transcript.ToString(), StringComparison.Ordinal);
        }

        await live.Client.ConnectAsync(Token);
    }

    [Theory]
    [InlineData(true, "urn:xmpp:sasl:2'><invalid-mechanism ")]
    [InlineData(false, "urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/>")]
    public async Task Mechanism_that_the_server_cannot_do_is_followed_by_one_that_it_can(bool sasl2, string refusal)
    {
        await using var server = await XmppTestServer.StartAsync(sasl2 ? new XmppTestServerOptions() : Rfc6120, Token);
        server.Faults.OfferMechanisms("SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS");
        await using var live = await LiveClient.ConnectAsync(server);
        Assert.Contains($"S: <failure xmlns='{refusal}", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScramLie.Nonce, "nonce")]
    [InlineData(ScramLie.Salt, "malformed")]
    [InlineData(ScramLie.FewIterations, "fewer than 4096")]
    [InlineData(ScramLie.ManyIterations, "more than 10000000")]
    public async Task Lie_before_the_proof_gets_none(ScramLie lie, string problem)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        server.Faults.LieInScram(lie);
        Assert.Contains(problem, (await live.FailAsync<XmppSecurityException>()).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("C: <response", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScramLie.Signature, "signature is wrong")]
    [InlineData(ScramLie.NoSignature, "")]
    public async Task Lie_about_the_signature_is_no_success(ScramLie lie, string problem)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server);
        using (server.Faults.LieInScram(lie))
        {
            Assert.Contains(problem, (await live.FailAsync<XmppSecurityException>()).Message, StringComparison.Ordinal);
        }

        await live.Client.ConnectAsync(Token);
    }

    [Theory]
    [InlineData(ScramLie.Nonce, "^r=anothernonce,s=[^,]+,i=4096,h=[^,]+$")]
    [InlineData(ScramLie.Salt, "^r=abc[^,]+,s=,i=4096,h=[^,]+$")]
    [InlineData(ScramLie.FewIterations, "^r=abc[^,]+,s=[^,]+,i=1,h=[^,]+$")]
    [InlineData(ScramLie.ManyIterations, "^r=abc[^,]+,s=[^,]+,i=2147483647,h=[^,]+$")]
    [InlineData(ScramLie.Signature, "^r=abc[^,]+,s=[^,]+,i=4096,h=[^,]+$")]
    public async Task Lie_is_told_as_it_is_called(ScramLie lie, string first)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        server.AddAccount("bot");
        server.Faults.LieInScram(lie);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendAsync($"<auth xmlns='{Sasl}' mechanism='SCRAM-SHA-1'>{Convert.ToBase64String("n,,n=bot,r=abc"u8)}</auth>");
        Assert.Matches(first, Encoding.UTF8.GetString(Convert.FromBase64String((await client.NextAsync())!.Text)));
    }

    private static async Task<string> OfferAsync(XmppTestServer server)
    {
        await using var client = await RawClient.OpenAsync(server);
        var mechanisms = (await client.SecureAsync(server)).Element(new XmlName(Sasl, "mechanisms"));
        return string.Join(' ', mechanisms?.Elements.ToArray().Select(m => m.Text) ?? []);
    }
}
