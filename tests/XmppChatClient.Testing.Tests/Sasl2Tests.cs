using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests;

/// <summary>SASL2, Bind 2 and FAST as the test server does them, by a client that knows nothing of the product's.</summary>
public sealed class Sasl2Tests
{
    private const string Ns = "urn:xmpp:sasl:2";
    private const string Password = "p4ss-w0rd-of-bot";
    private const string Client = "5d7b9d93-5dba-4fc3-8bf2-2576f2240e94";
    private const string None = "HT-SHA-256-NONE";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Offer_has_all_of_it_over_TLS_and_nothing_before()
    {
        await using var server = await StartAsync();
        await using var client = RawClient.Connect(server);
        Assert.Null((await client.RestartAsync()).Element(new XmlName(Ns, "authentication")));
        var features = await client.SecureAsync(server);
        var offer = features.Element(new XmlName(Ns, "authentication"))!;
        Assert.Equal(
            "SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 PLAIN",
            string.Join(' ', offer.Elements.ToArray().Where(e => e.Name.LocalName == "mechanism").Select(e => e.Text)));
        Assert.Equal(
            "<inline xmlns='urn:xmpp:sasl:2'><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:sm:3'/></inline></bind>"
            + "<sm xmlns='urn:xmpp:sm:3'/><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism><mechanism>HT-SHA-256-NONE</mechanism></fast></inline>",
            offer.Element(new XmlName(Ns, "inline"))!.ToString());
        Assert.NotNull(features.Element(new XmlName("urn:xmpp:sasl-cb:0", "sasl-channel-binding")));
    }

    [Fact]
    public async Task Offer_has_none_of_it_where_it_is_switched_off()
    {
        await using var server = await StartAsync(new TestLoginOptions { Sasl2 = false });
        await using var client = await RawClient.OpenAsync(server);
        Assert.Null((await client.SecureAsync(server)).Element(new XmlName(Ns, "authentication")));
        await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}"));
        Assert.Equal("failure", (await client.NextAsync())!.Name.LocalName);
    }

    [Fact]
    public async Task Success_is_followed_by_the_features_of_the_same_stream()
    {
        await using var server = await StartAsync();
        await using var client = await SecureAsync(server);
        await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}"));
        Assert.Equal(
            $"<success xmlns='{Ns}'><authorization-identifier>bot@localhost</authorization-identifier></success>",
            (await client.NextAsync())!.ToString());
        Assert.NotNull((await client.NextAsync())!.Element(new XmlName("urn:ietf:params:xml:ns:xmpp-bind", "bind")));
        await client.SendAsync("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>");
        Assert.Contains("bot@localhost/r", (await client.NextAsync())!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_with_a_tag_is_the_same_client_s_again()
    {
        await using var server = await StartAsync();
        var jids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var client = await SecureAsync(server);
            await client.SendAsync(Authenticate(
                "PLAIN", $"\0bot\0{Password}", "<bind xmlns='urn:xmpp:bind:0'><tag>bot</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>"));
            var success = (await client.NextAsync())!;
            jids.Add(success.Element(new XmlName(Ns, "authorization-identifier"))!.Text);
            var enabled = success.Element(new XmlName("urn:xmpp:bind:0", "bound"))!.Element(new XmlName("urn:xmpp:sm:3", "enabled"));
            Assert.Equal("true", enabled!.Attribute("resume"));
            Assert.Null((await client.NextAsync())!.Element(new XmlName("urn:ietf:params:xml:ns:xmpp-bind", "bind")));
        }

        Assert.StartsWith("bot@localhost/bot/", jids[0], StringComparison.Ordinal);
        Assert.Equal(jids[0], jids[1]);
    }

    [Theory]
    [InlineData("nobody-knows-this", false)]
    [InlineData(null, true)]
    public async Task Session_is_resumed_with_the_login_or_another_one_begins(string? id, bool resumes)
    {
        const string Bind = "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
        await using var server = await StartAsync();
        await using (var client = await SecureAsync(server))
        {
            await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}", Bind));
            var bound = (await client.NextAsync())!.Element(new XmlName("urn:xmpp:bind:0", "bound"))!;
            id ??= bound.Element(new XmlName("urn:xmpp:sm:3", "enabled"))!.Attribute("id");
            await client.NextAsync();
            await client.SendAsync("<presence/>");
            Assert.Equal("presence", (await client.NextAsync())!.Name.LocalName);
        }

        await using var next = await SecureAsync(server);
        await next.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}", $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>{Bind}"));
        var success = (await next.NextAsync())!;
        Assert.Equal(resumes, success.Element(new XmlName("urn:xmpp:sm:3", "resumed")) is { } resumed && resumed.Attribute("h") == "1");
        Assert.Equal(resumes, success.Element(new XmlName("urn:xmpp:bind:0", "bound")) is null);
        Assert.Equal(resumes, success.Element(new XmlName("urn:xmpp:sm:3", "failed")) is null);

        // No features behind a resumption, but what was not acknowledged.
        Assert.Equal(resumes ? "presence" : "features", (await next.NextAsync())!.Name.LocalName);
    }

    [Fact]
    public async Task What_was_kept_offline_is_dropped_by_Bind_2()
    {
        await using var server = await StartAsync();
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(Jid.Parse("bot@localhost"), "kept", Token);
        Assert.Equal("pong", await PingAsync(juliet));
        await using var client = await SecureAsync(server);
        await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}", "<bind xmlns='urn:xmpp:bind:0'/>"));
        await client.NextAsync();
        await client.NextAsync();
        await client.SendAsync("<presence/><iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal(["presence", "iq"], [(await client.NextAsync())!.Name.LocalName, (await client.NextAsync())!.Name.LocalName]);
    }

    [Fact]
    public async Task Token_lets_in_once_for_each_count()
    {
        await using var server = await StartAsync();
        var token = await GetTokenAsync(server);
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0' count='1'/>", "success");
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0' count='1'/>", "not-authorized");
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0' count='2'/>", "success");
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0' count='1'/>", "not-authorized");
    }

    [Theory]
    [InlineData("not what it was asked for", None, Client, "x", "not-authorized")]
    [InlineData("another mechanism", "HT-SHA-256-ENDP", Client, "", "not-authorized")]
    [InlineData("another client", None, "00000000-0000-4000-8000-000000000000", "", "not-authorized")]
    [InlineData("no client", None, null, "", "invalid-mechanism")]
    [InlineData("no such mechanism", "HT-SHA-512-NONE", Client, "", "invalid-mechanism")]
    public async Task Token_lets_nobody_else_in(string what, string mechanism, string? client, string more, string condition)
    {
        Assert.NotEmpty(what);
        await using var server = await StartAsync();
        var token = await GetTokenAsync(server);
        await AssertAsync(server, token + more, "<fast xmlns='urn:xmpp:fast:0'/>", condition, mechanism, client);
    }

    [Fact]
    public async Task Token_expires()
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock: clock);
        var token = await GetTokenAsync(server);
        clock.Advance(TimeSpan.FromDays(21));
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0'/>", "credentials-expired");
    }

    [Fact]
    public async Task Token_that_its_client_invalidates_is_used_once_more()
    {
        await using var server = await StartAsync();
        var token = await GetTokenAsync(server);
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>", "success");
        await AssertAsync(server, token, "<fast xmlns='urn:xmpp:fast:0'/>", "not-authorized");
    }

    // XEP-0484 §3.5: the client may not have got the new one.
    [Fact]
    public async Task Token_is_good_until_the_next_one_is_used()
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock: clock);
        var first = await GetTokenAsync(server);
        clock.Advance(TimeSpan.FromDays(1));
        var second = await AssertAsync(server, first, "<fast xmlns='urn:xmpp:fast:0'/>", "success");
        Assert.NotNull(second);
        await AssertAsync(server, first, "<fast xmlns='urn:xmpp:fast:0'/>", "success");
        var third = await AssertAsync(server, first, "<fast xmlns='urn:xmpp:fast:0'/>", "success");
        await AssertAsync(server, third!, "<fast xmlns='urn:xmpp:fast:0'/>", "success");
        await AssertAsync(server, first, "<fast xmlns='urn:xmpp:fast:0'/>", "not-authorized");
    }

    [Theory]
    [InlineData("<response xmlns='" + Ns + "'/>", "malformed-request")]
    [InlineData("<abort xmlns='" + Ns + "'/>", "aborted")]
    [InlineData("<authenticate xmlns='" + Ns + "'/>", "invalid-mechanism")]
    [InlineData("<authenticate xmlns='" + Ns + "' mechanism='PLAIN'><initial-response>=====</initial-response></authenticate>", "incorrect-encoding")]
    public async Task Element_of_a_login_that_cannot_be_is_refused(string sent, string condition)
    {
        await using var server = await StartAsync();
        await using var client = await SecureAsync(server);
        await client.SendAsync(sent);
        Assert.Equal(condition, await FailureAsync(client));
        await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}"));
        Assert.Equal("success", (await client.NextAsync())!.Name.LocalName);
    }

    private static async Task<XmppTestServer> StartAsync(TestLoginOptions? login = null, TimeProvider? clock = null)
    {
        var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = login ?? new(), TimeProvider = clock ?? TimeProvider.System }, Token);
        server.AddAccount("bot", Password);
        return server;
    }

    private static async Task<RawClient> SecureAsync(XmppTestServer server)
    {
        var client = await RawClient.OpenAsync(server);
        await client.SecureAsync(server);
        return client;
    }

    private static string Authenticate(string mechanism, string message, string more = "", string? client = Client) =>
        Authenticate(mechanism, Encoding.UTF8.GetBytes(message), more, client);

    private static string Authenticate(string mechanism, byte[] message, string more, string? client) =>
        $"<authenticate xmlns='{Ns}' mechanism='{mechanism}'><initial-response>{Convert.ToBase64String(message)}</initial-response>"
        + (client is null ? "" : $"<user-agent id='{client}'/>") + $"{more}</authenticate>";

    private static async Task<string> GetTokenAsync(XmppTestServer server)
    {
        await using var client = await SecureAsync(server);
        await client.SendAsync(Authenticate("PLAIN", $"\0bot\0{Password}", $"<request-token xmlns='urn:xmpp:fast:0' mechanism='{None}'/>"));
        return (await client.NextAsync())!.Element(new XmlName("urn:xmpp:fast:0", "token"))!.Attribute("token")!;
    }

    /// <returns>The token that came with it, if any.</returns>
    private static async Task<string?> AssertAsync(
        XmppTestServer server, string token, string fast, string outcome, string mechanism = None, string? client = Client)
    {
        await using var connection = await SecureAsync(server);
        var key = Encoding.UTF8.GetBytes(token);
        await connection.SendAsync(Authenticate(
            mechanism, [.. "bot\0"u8, .. HMACSHA256.HashData(key, "Initiator"u8.ToArray())], fast, client));
        if (outcome != "success")
        {
            Assert.Equal(outcome, await FailureAsync(connection));
            return null;
        }

        var success = (await connection.NextAsync())!;
        Assert.Equal("success", success.Name.LocalName);
        Assert.Equal(
            Convert.ToBase64String(HMACSHA256.HashData(key, "Responder"u8.ToArray())),
            success.Element(new XmlName(Ns, "additional-data"))!.Text);
        return success.Element(new XmlName("urn:xmpp:fast:0", "token"))?.Attribute("token");
    }

    private static async Task<string> FailureAsync(RawClient client)
    {
        var failure = (await client.NextAsync())!;
        Assert.Equal(new XmlName(Ns, "failure"), failure.Name);
        return failure.Elements.ToArray()[0].Name.LocalName;
    }

    private static async Task<string> PingAsync(TestUser user)
    {
        await user.SendXmlAsync("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>", Token);
        return (await user.ReceiveXmlAsync(Token)).Attribute("type") == "result" ? "pong" : "";
    }
}
