using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Tests.StreamManagement;

public sealed class StreamManagementTests
{
    private const string Sm = "xmlns='urn:xmpp:sm:3'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Offered_after_login_unless_switched_off(bool offered)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { StreamManagement = new TestStreamManagementOptions { Offer = offered } }, Token);
        await using var client = RawClient.Connect(server, server.AddAccount("romeo"));
        var features = await client.RestartAsync();
        Assert.Equal(offered, features.ToString().Contains("<sm xmlns='urn:xmpp:sm:3'/>", StringComparison.Ordinal));
        await client.SendAsync($"<resume {Sm} previd='x' h='0'/>");
        var answer = await client.NextAsync();
        Assert.Equal(offered ? "failed" : "error", answer!.Name.LocalName);
    }

    [Theory]
    [InlineData("", 600, "<enabled/>")]
    [InlineData("resume='false'", 600, "<enabled/>")]
    [InlineData("resume='true'", 600, "<enabled id='?' resume='true' max='600' location='[::1]:5222'/>")]
    [InlineData("resume='1' max='20'", 600, "<enabled id='?' resume='true' max='20' location='[::1]:5222'/>")]
    [InlineData("resume='1' max='6000'", 600, "<enabled id='?' resume='true' max='600' location='[::1]:5222'/>")]
    [InlineData("resume='1' max='what'", 0.5, "<enabled id='?' resume='true' max='1' location='[::1]:5222'/>")]
    [InlineData("resume='true'", 0, "<enabled/>")]
    public async Task Enabled_for_as_long_as_both_want(string attributes, double timeout, string answer)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions
            {
                StreamManagement = new TestStreamManagementOptions
                {
                    ResumptionTimeout = TimeSpan.FromSeconds(timeout),
                    Location = "[::1]:5222",
                },
            },
            Token);
        await using var client = await ManagedClient.BindAsync(server, server.AddAccount("romeo"));
        await client.SendAsync($"<enable {Sm} {attributes}/>");
        var enabled = await client.NextElementAsync();
        var text = enabled.ToText().Replace($" {Sm}", "", StringComparison.Ordinal);
        Assert.Equal(answer, enabled.Attribute("id") is { } id ? text.Replace(id, "?", StringComparison.Ordinal) : text);
    }

    [Theory]
    [InlineData(false, $"<enable {Sm}/>", "<failed><unexpected-request/></failed>")]
    [InlineData(true, $"<enable {Sm}/><enable {Sm}/>", "<enabled/>", "<failed><unexpected-request/></failed>")]
    [InlineData(true, $"<resume {Sm} previd='x' h='0'/>", "<failed><unexpected-request/></failed>")]
    [InlineData(false, $"<resume {Sm} previd='x' h='0'/>", "<failed><item-not-found/></failed>")]
    [InlineData(false, $"<resume {Sm} h='0'/>", "<failed><bad-request/></failed>")]
    [InlineData(false, $"<resume {Sm} previd='x'/>", "<failed><bad-request/></failed>")]
    [InlineData(false, $"<resume {Sm} previd='x' h='-1'/>", "<failed><bad-request/></failed>")]
    [InlineData(false, $"<resume {Sm} previd='x' h='4294967296'/>", "<failed><bad-request/></failed>")]
    public async Task Misplaced_requests_fail_and_the_stream_goes_on(bool bound, string sent, params string[] answers)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        await using var client = bound
            ? await ManagedClient.BindAsync(server, account) : await ManagedClient.ConnectAsync(server, account);
        await client.SendAsync(sent);
        foreach (var answer in answers)
        {
            Assert.Equal(answer, await client.NextAsync());
        }

        await client.SendAsync("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.StartsWith("<iq ", await client.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"<enable {Sm}/>", "not-authorized")]
    [InlineData($"<resume {Sm} previd='x' h='0'/>", "not-authorized")]
    [InlineData($"<r {Sm}/>", "unsupported-stanza-type")]
    public async Task Nothing_of_it_before_login(string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendAsync(sent);
        Assert.Equal(condition, (await client.NextAsync())!.Elements.ToArray()[0].Name.LocalName);
    }

    [Theory]
    [InlineData("", $"<r {Sm}/>", "unsupported-stanza-type")]
    [InlineData("", $"<a {Sm} h='0'/>", "unsupported-stanza-type")]
    [InlineData($"<enable {Sm} resume='true'/>", $"<a {Sm}/>", "invalid-xml")]
    [InlineData($"<enable {Sm} resume='true'/>", $"<a {Sm} h='-1'/>", "invalid-xml")]
    [InlineData($"<enable {Sm} resume='true'/>", $"<a {Sm} h='1'/>", "undefined-condition")]
    [InlineData($"<enable {Sm} resume='true'/>", $"<enabled {Sm}/>", "unsupported-stanza-type")]
    public async Task Misuse_ends_the_stream_and_the_session(string before, string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        await using var witness = await server.LoginAsync("romeo/tomb", Token);
        await using var client = await ManagedClient.BindAsync(server, account);
        await client.SendAsync("<presence/>");
        await witness.ReceivePresenceAsync(Token);
        await client.SendAsync(before + sent);
        Assert.Equal(condition, await client.ErrorAsync());
        Assert.Equal(PresenceType.Unavailable, (await witness.ReceivePresenceAsync(Token)).Type);
    }

    [Fact]
    public async Task Count_that_is_too_high_is_told()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await client.SendAsync($"<a {Sm} h='10'/>");
        Assert.Equal("<a h='1'/>", await client.NextAsync());
        Assert.Equal(
            "<error xmlns='http://etherx.jabber.org/streams'>"
            + "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
            + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>You acknowledge 10 stanzas, and 1 were sent.</text>"
            + "<handled-count-too-high h='10' send-count='1'/></error>",
            await client.NextAsync());
        await client.DisposeAsync();
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await next.NextAsync());
    }

    [Fact]
    public async Task Acknowledgement_is_not_taken_back()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var (client, _) = await ManagedClient.ResumableAsync(server, server.AddAccount("romeo"));
        await using var closed = client;
        await client.SendAsync($"<a {Sm} h='0'/>");
        Assert.Equal("undefined-condition", await client.ErrorAsync());
    }

    [Fact]
    public async Task Server_counts_what_it_handles()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        server.AddAccount("juliet");
        await using var client = await ManagedClient.BindAsync(server, server.AddAccount("romeo"));
        await client.SendAsync(
            $"<message to='juliet@localhost'><body>before</body></message><enable {Sm}/><r {Sm}/>"
            + "<message to='juliet@localhost'><body>1</body></message><iq type='result' id='2' to='juliet@localhost/x'/>"
            + $"<message to='@'><body>3</body></message><r {Sm}/></stream:stream>");
        Assert.Equal("<enabled/>", await client.NextAsync());
        Assert.Equal("<a h='0'/>", await client.NextAsync());
        Assert.Contains("jid-malformed", await client.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("<r/>", await client.NextAsync());
        Assert.Equal("<a h='3'/>", await client.NextAsync());
        Assert.Equal("<a h='3'/>", await client.NextAsync());
        Assert.Equal("end", await client.NextAsync());
    }

    [Fact]
    public async Task Server_asks_again_only_for_what_came_since()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var (client, _) = await ManagedClient.ResumableAsync(server, server.AddAccount("romeo"));
        await using var closed = client;
        await juliet.DoAsync("<message id='1' to='romeo@localhost/orchard' type='headline'/>");
        await juliet.DoAsync("<message id='2' to='romeo@localhost/orchard' type='headline'/>");
        Assert.Contains("id='1'", await client.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("<r/>", await client.NextAsync());
        Assert.Contains("id='2'", await client.NextAsync(), StringComparison.Ordinal);
        await client.SendAsync($"<a {Sm} h='2'/>");
        Assert.Equal("<r/>", await client.NextAsync());
        await client.SendAsync($"<a {Sm} h='2'/><r {Sm}/>");
        Assert.Equal("<a h='1'/>", await client.NextAsync());
    }

    [Fact]
    public async Task Stream_closed_in_order_leaves_nothing_to_resume()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        await using var witness = await server.LoginAsync("romeo/tomb", Token);
        await using var client = await ManagedClient.BindAsync(server, account);
        await client.SendAsync($"<enable {Sm} resume='true'/>");
        var id = (await client.NextElementAsync()).Attribute("id")!;
        await client.SendAsync("<presence/></stream:stream>");
        Assert.Equal(PresenceType.Available, (await witness.ReceivePresenceAsync(Token)).Type);
        Assert.Equal(PresenceType.Unavailable, (await witness.ReceivePresenceAsync(Token)).Type);
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 0);
        Assert.Equal("<failed><item-not-found/></failed>", await next.NextAsync());
    }

    [Fact]
    public async Task Before_login_there_is_no_feature()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = RawClient.Connect(server, ConnectionKind.StartTls);
        Assert.DoesNotContain("urn:xmpp:sm", (await client.RestartAsync()).ToString(), StringComparison.Ordinal);
    }
}
