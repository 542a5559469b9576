using System.Text;

namespace XmppChatClient.Testing.Tests;

public sealed class SaslTests
{
    private const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
    private const string Password = "p4ss-w0rd-of-bot";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-1-PLUS")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    [InlineData("SCRAM-SHA-512-PLUS")]
    public async Task Client_logs_in_with_each_mechanism(string mechanism)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Mechanisms = [mechanism] }, Token);
        var account = server.AddAccount("bot", Password);
        var options = new XmppClientOptions { AllowPlain = true };
        await using var client = new XmppClient(options.UseTestServer(server, account));
        await client.ConnectAsync(Token);
        Assert.Equal(account.Jid, client.Jid.Bare);
        Assert.Contains($" mechanism='{mechanism}'", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0bot\0{Password}")), server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_account_ends_with_its_session()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Mechanisms = ["ANONYMOUS"] }, Token);
        var options = new XmppClientOptions().UseTestServer(server, server.AddAccount("unused"));
        (options.Jid, options.Password) = (server.Domain, null);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        var account = client.Jid.Bare;
        await client.SendAsync(juliet.Jid, "who am I?", Token);
        Assert.Equal(account, (await juliet.ReceiveAsync(Token)).From!.Bare);

        await client.CloseAsync(Token);
        await juliet.SendAsync(account, "still there?", Token);
        Assert.Equal("service-unavailable", (await juliet.ReceiveAsync(Token)).Error!.ToString());
    }

    [Fact]
    public async Task Wrong_password_is_not_authorized()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var options = new XmppClientOptions().UseTestServer(server, server.AddAccount("bot", Password));
        options.Password = "another";
        await using var client = new XmppClient(options);
        var refused = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token));
        Assert.Equal("not-authorized", refused.Condition);
    }

    [Fact]
    public async Task Client_that_does_not_trust_the_root_refuses_the_certificate()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var options = new XmppClientOptions().UseTestServer(server, server.AddAccount("bot"));
        options.TrustedCertificates.Clear();
        await using var client = new XmppClient(options);
        await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token));
    }

    [Theory]
    [InlineData("PLAIN", "\0bot\0wrong", "not-authorized")]
    [InlineData("PLAIN", "\0nobody\0" + Password, "not-authorized")]
    [InlineData("PLAIN", "\0b@d@\0" + Password, "malformed-request")]
    [InlineData("PLAIN", "bot", "malformed-request")]
    [InlineData("PLAIN", "\0bot\0", "malformed-request")]
    [InlineData("PLAIN", "juliet@localhost\0bot\0" + Password, "invalid-authzid")]
    [InlineData("ANONYMOUS", "", "invalid-mechanism")]
    [InlineData("DIGEST-MD5", "", "invalid-mechanism")]
    [InlineData("SCRAM-SHA-256", "n,,n=nobody,r=abc", "not-authorized")]
    [InlineData("SCRAM-SHA-256", "n,,n=b@d@,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256", "y,,n=bot,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256", "p=tls-server-end-point,,n=bot,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-unique,,n=bot,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,n=bot,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256", "n,,n=b=ot,r=abc", "malformed-request")]
    [InlineData("SCRAM-SHA-256", "n,,n=bot,r=", "malformed-request")]
    [InlineData("SCRAM-SHA-256", "hello", "malformed-request")]
    [InlineData("SCRAM-SHA-1", "n,a=juliet@localhost,n=bot,r=abc", "invalid-authzid")]
    public async Task Login_is_refused_with_the_condition_that_fits(string mechanism, string message, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddAccount("bot", Password);
        await using var client = await RawClient.OpenAsync(server);
        await client.SecureAsync(server);
        await client.SendAsync(Auth(mechanism, Convert.ToBase64String(Encoding.UTF8.GetBytes(message))));
        Assert.Equal(condition, await FailureAsync(client));

        // The stream is still there for another attempt.
        await client.SendAsync(Auth("PLAIN", Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0bot\0{Password}"))));
        Assert.Equal("success", (await client.NextAsync())!.Name.LocalName);
    }

    [Theory]
    [InlineData("<auth xmlns='" + Sasl + "' mechanism='PLAIN'>=====</auth>", "incorrect-encoding")]
    [InlineData("<auth xmlns='" + Sasl + "' mechanism='PLAIN'>/w==</auth>", "malformed-request")]
    [InlineData("<auth xmlns='" + Sasl + "'/>", "invalid-mechanism")]
    [InlineData("<response xmlns='" + Sasl + "'/>", "not-authorized")]
    [InlineData("<abort xmlns='" + Sasl + "'/>", "aborted")]
    public async Task Element_of_a_login_that_cannot_be_is_refused(string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SecureAsync(server);
        await client.SendAsync(sent);
        Assert.Equal(condition, await FailureAsync(client));
    }

    [Theory]
    [InlineData("c=biws,r={0},p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "not-authorized")]
    [InlineData("c=eSws,r={0},p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "malformed-request")]
    [InlineData("c=biws,r=guess,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "malformed-request")]
    [InlineData("c=biws,r={0},p=AAAA", "malformed-request")]
    [InlineData("c=biws,r={0}", "malformed-request")]
    [InlineData("", "malformed-request")]
    public async Task Proof_that_does_not_hold_is_refused(string final, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { RequireTls = false, Mechanisms = ["SCRAM-SHA-256"] }, Token);
        server.AddAccount("bot", Password);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendAsync(Auth("SCRAM-SHA-256", Convert.ToBase64String("n,,n=bot,r=abc"u8)));
        var first = Encoding.UTF8.GetString(Convert.FromBase64String((await client.NextAsync())!.Text));
        var nonce = first.Split(',')[0]["r=".Length..];
        Assert.StartsWith("abc", nonce, StringComparison.Ordinal);
        var answer = Convert.ToBase64String(Encoding.UTF8.GetBytes(final.Replace("{0}", nonce, StringComparison.Ordinal)));
        await client.SendAsync($"<response xmlns='{Sasl}'>{answer}</response>");
        Assert.Equal(condition, await FailureAsync(client));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "SCRAM-SHA-256 SCRAM-SHA-1")]
    public async Task Without_tls_nothing_is_offered_that_needs_it(bool requireTls, string offered)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = requireTls }, Token);
        await using var client = RawClient.Connect(server);
        var features = await client.RestartAsync();
        var mechanisms = features.Element(new Xml.XmlName(Sasl, "mechanisms"))?.Elements.ToArray() ?? [];
        Assert.Equal(offered, string.Join(' ', mechanisms.Select(m => m.Text)));
        await client.SendAsync(Auth("PLAIN", "AGJvdABzZWNyZXQ="));
        Assert.Equal("encryption-required", await FailureAsync(client));
    }

    [Fact]
    public async Task Who_fails_too_often_is_shown_the_door()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SecureAsync(server);
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(Auth("PLAIN", "AGJvdABzZWNyZXQ="));
            Assert.Equal("not-authorized", await FailureAsync(client));
        }

        Assert.Equal("policy-violation", await client.ErrorAsync());
    }

    private static string Auth(string mechanism, string text) => $"<auth xmlns='{Sasl}' mechanism='{mechanism}'>{text}</auth>";

    private static async Task<string> FailureAsync(RawClient client)
    {
        var failure = (await client.NextAsync())!;
        Assert.Equal(new Xml.XmlName(Sasl, "failure"), failure.Name);
        return failure.Elements.ToArray()[0].Name.LocalName;
    }
}
