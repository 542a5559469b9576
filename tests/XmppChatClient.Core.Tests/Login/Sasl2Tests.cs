using System.Security.Cryptography;
using System.Text.RegularExpressions;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests.Login;

/// <summary>Logins with SASL2 (XEP-0388 v1.0.4) and what they bring with them, as scripts.</summary>
public sealed class Sasl2Tests(Certificates certificates) : IClassFixture<Certificates>
{
    private const string Mechanisms = "<mechanism>SCRAM-SHA-256</mechanism>";
    private const string Bind2 =
        "<inline><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:sm:3'/></inline></bind><sm xmlns='urn:xmpp:sm:3'/></inline>";

    private const string BothProfiles =
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms>";

    private const string Challenge = """
        C: </authenticate>
        S: <challenge xmlns='urn:xmpp:sasl:2'>{scram-first}</challenge>
        C: </response>

        """;

    private const string Features = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";

    private const string LegacyBind = """
        C: </iq>
        S: <iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@example.test/1</jid></bind></iq>

        """;

    private const string Next = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_needs_no_new_stream()
    {
        var server = Logins.Server(Offer(Mechanisms) + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        await using var client = await ConnectAsync(server);
        Assert.Equal(Jid.Parse("alice@example.test/1"), client.Jid);
        Assert.Equal(2, Regex.Count(server.Received, "<stream:stream "));
        Assert.DoesNotContain("<auth ", server.Received, StringComparison.Ordinal);
        Assert.Matches(
            "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-256'><initial-response>[^<]+</initial-response>"
            + "<user-agent id='[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'><software>XmppChatClient</software></user-agent>"
            + "</authenticate>", server.Received);
    }

    [Fact]
    public async Task Resource_and_stream_management_come_with_the_login()
    {
        var server = Logins.Server(
            Offer(Mechanisms + Bind2) + Challenge
            + Success("alice@example.test/bot/1f", "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/></bound>")
            + "S: <stream:features/>\n", certificates);
        await using var client = await ConnectAsync(server, o => (o.Login.Bind2, o.Login.Tag) = (Bind2Use.Always, "bot"));
        Assert.Equal("alice@example.test/bot/1f", client.Jid.ToString());
        Assert.Contains(
            "<bind xmlns='urn:xmpp:bind:0'><tag>bot</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind></authenticate>",
            server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("<iq ", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Bind2Use.WhenNothingIsLost, null)]
    [InlineData(Bind2Use.Never, null)]
    [InlineData(Bind2Use.Always, "alice@example.test/1")]
    public async Task Resource_is_bound_as_ever_where_Bind_2_would_lose_something(Bind2Use use, string? jid)
    {
        var server = Logins.Server(Offer(Mechanisms + Bind2) + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        await using var client = await ConnectAsync(server, o =>
        {
            o.Login.Bind2 = use;
            o.Jid = Jid.Parse(jid ?? "alice@example.test");
        });
        Assert.DoesNotContain("urn:xmpp:bind:0", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_that_fetches_what_waits_makes_Bind_2_safe()
    {
        var server = Logins.Server(
            Offer(Mechanisms + Bind2) + Challenge + Success("alice@example.test/1", "<bound xmlns='urn:xmpp:bind:0'/>") + "S: <stream:features/>\n",
            certificates);
        await using var client = await ConnectAsync(
            server, o => o.Modules.Add(new FakeModule(m => m.OnOfflineMessages(() => true))));
        Assert.Equal("alice@example.test/1", client.Jid.ToString());
    }

    // XEP-0386 v1.1.0 §3.2: there is no answer to it but that the resource was bound.
    [Theory]
    [InlineData("<feature var='urn:example:x'/>", "<bound xmlns='urn:xmpp:bind:0'/>", true, true)]
    [InlineData("<feature var='urn:example:y'/>", "<bound xmlns='urn:xmpp:bind:0'/>", false, false)]
    [InlineData("<feature var='urn:example:x'/>", "", true, false)]
    public async Task What_a_module_wants_on_is_asked_for_with_the_resource(string features, string bound, bool isAsked, bool isOn)
    {
        var inline = $"<inline><bind xmlns='urn:xmpp:bind:0'><inline>{features}</inline></bind></inline>";
        var server = Logins.Server(
            Offer(Mechanisms + inline) + Challenge
            + (bound.Length > 0 ? Success("alice@example.test/1", bound) + "S: <stream:features/>\n" : Success() + "S: " + Features + "\n" + LegacyBind),
            certificates);
        bool? told = null;
        bool? atStart = null;
        var module = new FakeModule(m => m
            .OnBind("urn:example:x", XmppElement.Parse("<on xmlns='urn:example:x'/>"), on => told = on)
            .OnSessionStart(_ =>
            {
                atStart = told;
                return ValueTask.CompletedTask;
            }));
        await using var client = await ConnectAsync(server, o =>
        {
            o.Login.Bind2 = Bind2Use.Always;
            o.Modules.Add(module);
        });
        Assert.Equal(isAsked, server.Received.Contains("<bind xmlns='urn:xmpp:bind:0'><on xmlns='urn:example:x'/></bind>", StringComparison.Ordinal));
        Assert.Equal((isOn, isOn), (told, atStart));
    }

    [Fact]
    public async Task Server_that_binds_nothing_is_asked_as_ever()
    {
        var server = Logins.Server(Offer(Mechanisms + Bind2) + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        await using var client = await ConnectAsync(server, o => o.Login.Bind2 = Bind2Use.Always);
        Assert.Equal("alice@example.test/1", client.Jid.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice@example.test")]
    [InlineData("@")]
    public async Task Address_that_is_not_full_is_none(string jid)
    {
        var (error, _) = await FailAsync<XmppProtocolException>(
            Challenge + Success(jid, "<bound xmlns='urn:xmpp:bind:0'/>"), o => o.Login.Bind2 = Bind2Use.Always);
        Assert.Contains("no full address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TLS_the_old_way_is_gone()
    {
        var server = Logins.Server(
            Logins.Offer.Replace("<stream:features>", $"<stream:features><authentication xmlns='urn:xmpp:sasl:2'>{Mechanisms}</authentication>", StringComparison.Ordinal)
            + Logins.Scram + Logins.Bind);
        await using var client = new XmppClient(server.Options(certificates: null));
        await client.ConnectAsync(Token).Soon();
        Assert.DoesNotContain("<authenticate", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        var server = Logins.Server(Offer(Mechanisms + Bind2) + Logins.Scram + Logins.Bind, certificates);
        await using var client = await ConnectAsync(server, o => o.Login.Sasl2 = false);
    }

    [Theory]
    [InlineData("S: <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>alice@example.test</authorization-identifier></success>", "without its signature")]
    [InlineData("S: <success xmlns='urn:xmpp:sasl:2'><additional-data>dj1BQUFB</additional-data><authorization-identifier>alice@example.test/1</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>", "signature is wrong")]
    public async Task Success_without_the_servers_proof_is_none(string success, string problem)
    {
        var (error, _) = await FailAsync<XmppSecurityException>(Challenge + success, o => o.Login.Bind2 = Bind2Use.Always);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_before_any_challenge_is_none()
    {
        var (error, server) = await FailAsync<XmppSecurityException>("C: </authenticate>\n" + Success(data: false));
        Assert.Contains("before it asked for a proof", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<iq ", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><text>Go away</text>", "not-authorized", "(Go away)", false)]
    [InlineData("<temporary-auth-failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "temporary-auth-failure", "", true)]
    [InlineData("<malformed-request/>", "malformed-request", "", false)]
    [InlineData("<x xmlns='urn:example:x'/>", "undefined-condition", "", false)]
    public async Task Refusal_is_told(string content, string condition, string text, bool transient)
    {
        var (error, _) = await FailAsync<XmppAuthenticationException>(
            $"C: </authenticate>\nS: <failure xmlns='urn:xmpp:sasl:2'>{content}</failure>");
        Assert.Equal((condition, transient), (error.Condition, error.IsTransient));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_wants_a_second_factor_is_refused_with_what_it_wants()
    {
        var (error, _) = await FailAsync<XmppAuthenticationException>(
            Challenge + "S: <continue xmlns='urn:xmpp:sasl:2'><additional-data>{scram-final}</additional-data>"
            + "<tasks><task>TOTP-EXAMPLE</task><task>&lt;what?&gt;</task></tasks></continue>");
        Assert.Contains(": TOTP-EXAMPLE. This client", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("<challenge xmlns='urn:xmpp:sasl:2'>no base64!</challenge>")]
    [InlineData("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1h</challenge>")]
    [InlineData("<message xmlns='jabber:client'/>")]
    public Task Answer_of_another_form_is_a_protocol_error(string answer) =>
        FailAsync<XmppProtocolException>("C: </authenticate>\nS: " + answer);

    [Fact]
    public Task Success_without_features_behind_it_is_a_protocol_error() =>
        FailAsync<XmppProtocolException>(Challenge + Success() + "S: <message/>");

    [Fact]
    public async Task Mechanism_that_the_server_cannot_do_is_followed_by_the_next()
    {
        var server = Logins.Server(
            Offer("<mechanism>SCRAM-SHA-512</mechanism>" + Mechanisms)
            + "C: mechanism='SCRAM-SHA-512'\nC: </authenticate>\nS: <failure xmlns='urn:xmpp:sasl:2'><invalid-mechanism xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>\n"
            + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        await using var client = await ConnectAsync(server);
    }

    // XEP-0440 v1.0.0 §3 is stricter with SASL2 than without.
    [Theory]
    [InlineData(Mechanisms, "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding>", "no mechanism to use them")]
    [InlineData("<mechanism>SCRAM-SHA-256-PLUS</mechanism>", "", "announces no types")]
    public async Task Offer_that_contradicts_itself_gets_no_proof(string mechanisms, string types, string problem)
    {
        var server = Logins.Server(Offer(mechanisms, types), certificates);
        await using var client = new XmppClient(server.Options(certificates));
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<authenticate", server.Received, StringComparison.Ordinal);
    }

    // XEP-0474 v0.5.0 §6, over the mechanisms of the profile in use.
    [Fact]
    public async Task Hash_over_another_offer_gets_no_proof()
    {
        var hash = Convert.ToBase64String(SHA256.HashData("SCRAM-SHA-256\u001eSCRAM-SHA-512"u8));
        var server = Logins.Server(Offer(Mechanisms) + Challenge, certificates, lie: said => $"{said},h={hash}");
        await using var client = new XmppClient(server.Options(certificates));
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains("XEP-0474", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<response", server.Received, StringComparison.Ordinal);
    }

    // What is known of the server from last time is sent with our opening tag; one that cannot do with that is asked as ever, at once.
    [Fact]
    public async Task Server_that_ends_a_stream_begun_with_a_login_is_not_asked_so_again()
    {
        const string Known = "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline>"
            + "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism></fast></inline></authentication>";
        var next = Logins.Server(
            $"S: !tls\nC: version='1.0'\nS: {Logins.Header}\nS: <stream:features>{Known}</stream:features>\n"
            + "C: mechanism='HT-SHA-256-ENDP'\nC: </authenticate>\nS: <failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>\n"
            + "C: mechanism='SCRAM-SHA-256'\n" + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        var server = Logins.Server(
            $"S: !tls\nC: <fast xmlns='urn:xmpp:fast:0' count='1' invalidate='true'/>{Next}</authenticate>\nS: {Logins.Header}\nS: <stream:features>{Known}</stream:features>\n"
            + "S: <stream:error><unsupported-stanza-type xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
            certificates, next: next);
        next.Certificate = server.Certificate;
        await using var client = new XmppClient(server.Options(certificates, o => o.Tls = TlsMode.Direct));
        client.SetNote("login:offer", Known);
        client.SetNote("login:token", "HT-SHA-256-ENDP 2999-01-01T00:00:00.0000000+00:00 0 token");
        await client.ConnectAsync(Token).Soon();
        await next.Done.Soon();
        Assert.Null(client.FindNote("login:token"));
        Assert.Equal(Known, client.FindNote("login:offer"));
    }

    // XEP-0509 v0.2.0: as a server says that knows what it said last time.
    [Fact]
    public async Task Server_that_offers_something_else_than_before_is_asked_for_that_with_the_same_token()
    {
        const string Known = "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline>"
            + "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism></fast></inline></authentication>";
        const string Old = "<config-version xmlns='urn:xmpp:iap:0' scheme='opaque' value='old'/>";
        const string Version = "<config-version xmlns='urn:xmpp:iap:0' scheme='opaque' value='new'/>";
        var server = Logins.Server(
            $"S: !tls\nC: <fast xmlns='urn:xmpp:fast:0' count='1' invalidate='true'/>{Next}{Old}</authenticate>\n"
            + $"S: {Logins.Header}\nS: <stream:features>{Known}{Version}</stream:features>\n"
            + "S: <failure xmlns='urn:xmpp:sasl:2'><aborted xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><config-version-mismatch xmlns='urn:xmpp:iap:0'/></failure>\n"
            + $"C: mechanism='HT-SHA-256-ENDP'\nC: <fast xmlns='urn:xmpp:fast:0' count='2' invalidate='true'/>{Next}</authenticate>\n"
            + "S: <failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>\n"
            + "C: mechanism='SCRAM-SHA-256'\n" + Challenge + Success() + "S: " + Features + "\n" + LegacyBind,
            certificates);
        await using var client = new XmppClient(server.Options(certificates, o => o.Tls = TlsMode.Direct));
        client.SetNote("login:offer", Known);
        client.SetNote("login:offer-version", Old);
        client.SetNote("login:token", "HT-SHA-256-ENDP 2999-01-01T00:00:00.0000000+00:00 0 token");
        await client.ConnectAsync(Token).Soon();
        await server.Done.Soon();
        Assert.Equal(Version, client.FindNote("login:offer-version"));
    }

    [Theory]
    [InlineData("<authentication")]
    [InlineData("no XML")]
    [InlineData("<other/>")]
    public async Task Note_that_is_no_offer_is_passed_over(string note)
    {
        var server = Logins.Server(Offer(Mechanisms) + Challenge + Success() + "S: " + Features + "\n" + LegacyBind, certificates);
        await using var client = new XmppClient(server.Options(certificates));
        client.SetNote("login:offer", note);
        client.SetNote("login:token", "HT-SHA-256-ENDP 2999-01-01T00:00:00.0000000+00:00 0 token");
        await client.ConnectAsync(Token).Soon();
    }

    private static string Offer(string content, string beside = "") =>
        Logins.StartTls + $"""
        C: version='1.0'
        S: {Logins.Header}
        S: <stream:features><authentication xmlns='urn:xmpp:sasl:2'>{content}</authentication>{BothProfiles}{beside}</stream:features>

        """;

    private static string Success(string jid = "alice@example.test", string content = "", bool data = true) =>
        "S: <success xmlns='urn:xmpp:sasl:2'>" + (data ? "<additional-data>{scram-final}</additional-data>" : "")
        + $"<authorization-identifier>{jid}</authorization-identifier>{content}</success>\n";

    private async Task<XmppClient> ConnectAsync(ScriptedServer server, Action<XmppClientOptions>? configure = null)
    {
        var client = new XmppClient(server.Options(certificates, configure));
        await client.ConnectAsync(Token).Soon();
        await server.Done.Soon();
        return client;
    }

    private async Task<(TException Error, ScriptedServer Server)> FailAsync<TException>(
        string exchange, Action<XmppClientOptions>? configure = null)
        where TException : XmppException
    {
        var server = Logins.Server(Offer(Mechanisms + Bind2) + exchange, certificates);
        await using var client = new XmppClient(server.Options(certificates, configure));
        var error = await Assert.ThrowsAsync<TException>(() => client.ConnectAsync(Token).Soon());
        await server.HungUp.Soon();
        Assert.Equal(SessionState.Idle, client.State);
        Assert.DoesNotContain(Logins.Password, string.Concat(server.SaslOf()) + error, StringComparison.Ordinal);
        return (error, server);
    }
}
