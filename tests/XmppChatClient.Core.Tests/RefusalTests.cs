using System.Text;
using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests;

public sealed class RefusalTests
{
    private const string Header =
        "S: <?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0'>\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_without_STARTTLS_gets_no_credential()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + "S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>");
        var error = await FailAsync<XmppSecurityException>(server, WithPassword);
        Assert.Contains("STARTTLS", error.Message, StringComparison.Ordinal);
        await server.Done;
        Assert.DoesNotContain("romeo", server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("<auth", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_instead_of_proceed_ends_it()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + """
            S: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>
            C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
            S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>
            """);
        await FailAsync<XmppSecurityException>(server, WithPassword);
    }

    [Fact]
    public async Task Bytes_behind_proceed_are_refused()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + """
            S: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>
            C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
            S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>
            """);
        var error = await FailAsync<XmppSecurityException>(server, WithPassword);
        Assert.Contains("in the clear", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("version='0.9'")]
    [InlineData("version='2.0'")]
    public async Task Server_of_another_version_is_refused_before_it_says_more(string version)
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n"
            + $"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' {version}>\n"
            + "C: <stream:error><unsupported-version xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
        var error = await FailAsync<XmppProtocolException>(server);
        Assert.Equal(StreamErrorCondition.UnsupportedVersion, error.Condition);
        Assert.Contains("XMPP 1.0", error.Message, StringComparison.Ordinal);
        await server.Done.Soon();
    }

    [Theory]
    [InlineData("host-unknown", false)]
    [InlineData("system-shutdown", true)]
    public async Task Stream_error_is_typed(string condition, bool transient)
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + $"S: <stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
        var error = await FailAsync<XmppStreamException>(server);
        Assert.Equal(transient, error.IsTransient);
        Assert.Contains(condition, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S: HTTP/1.1 400 Bad Request")]
    [InlineData("S: <html><body>hello</body></html>")]
    [InlineData("S: <stream:stream xmlns='jabber:client' xmlns:stream='urn:other' version='1.0'><stream:features/>")]
    [InlineData("S: <!DOCTYPE x><stream:stream>")]
    public async Task Answer_that_is_no_XMPP_is_a_protocol_error(string answer) =>
        await FailAsync<XmppProtocolException>(new ScriptedServer("C: version='1.0'\n" + answer));

    [Fact]
    public async Task Password_goes_nowhere_without_TLS_and_a_better_mechanism()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + "S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>");
        await FailAsync<XmppAuthenticationException>(server, o =>
        {
            WithPassword(o);
            o.Tls = TlsMode.Disabled;
            o.AllowPlain = true;
        });
        Assert.DoesNotContain("<auth", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_login_names_its_condition()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + """
            S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>
            C: </auth>
            S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><account-disabled/><text>Call us.</text></failure>
            """);
        var error = await FailAsync<XmppAuthenticationException>(server, o =>
        {
            WithPassword(o);
            o.Tls = TlsMode.Disabled;
        });
        Assert.Equal("account-disabled", error.Condition);
        Assert.Contains("Call us.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_without_proof_is_refused()
    {
        var server = new ScriptedServer(
            "C: version='1.0'\n" + Header
            + """
            S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>
            C: </auth>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            """);
        await FailAsync<XmppSecurityException>(server, o =>
        {
            WithPassword(o);
            o.Tls = TlsMode.Disabled;
        });
    }

    private static void WithPassword(XmppClientOptions options)
    {
        options.Jid = Jid.Parse("romeo@example.org");
        options.Password = "secret";
        options.Tls = TlsMode.Required;
    }

    private static async Task<TException> FailAsync<TException>(
        ScriptedServer server, Action<XmppClientOptions>? configure = null)
        where TException : XmppException
    {
        await using var client = new XmppClient(server.Options(configure));
        var error = await Assert.ThrowsAsync<TException>(() => client.ConnectAsync(Token));
        Assert.Equal(SessionState.Idle, client.State);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToBase64String(Encoding.UTF8.GetBytes("secret")), server.Received, StringComparison.Ordinal);
        return error;
    }
}
