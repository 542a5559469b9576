using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Tests;

public sealed class StreamTests
{
    private static readonly XmppTestServerOptions InTheClear = new() { RequireTls = false };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='other.example' version='1.0'>", "host-unknown")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='@' version='1.0'>", "host-unknown")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>", "improper-addressing")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost'>", "unsupported-version")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='0.9'>", "unsupported-version")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='urn:something' to='localhost' version='1.0'>", "invalid-namespace")]
    [InlineData("<stream:river xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>", "bad-format")]
    [InlineData("<stream:stream xmlns='jabber:client' to='localhost' version='1.0'>", "bad-namespace-prefix")]
    [InlineData("<?xml version='1.0' encoding='latin-1'?>", "unsupported-encoding")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "not-well-formed")]
    [InlineData("\0\u0001\u0002", "not-well-formed")]
    [InlineData(RawClient.Header + "<message><body></message></body>", "not-well-formed")]
    [InlineData(RawClient.Header + "<!-- -->", "restricted-xml")]
    [InlineData(RawClient.Header + "<!DOCTYPE a []>", "restricted-xml")]
    [InlineData(RawClient.Header + "text", "bad-format")]
    [InlineData(RawClient.Header + "<message to='a@localhost'><body>hi</body></message>", "not-authorized")]
    [InlineData(RawClient.Header + "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", "not-authorized")]
    [InlineData(RawClient.Header + "<iq xmlns='jabber:server' type='get' id='1'/>", "invalid-namespace")]
    [InlineData(RawClient.Header + "<what xmlns='urn:ever'/>", "unsupported-stanza-type")]
    public async Task Bad_stream_ends_with_the_error_that_fits(string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(InTheClear, Token);
        await using var client = RawClient.Connect(server);
        await client.SendAsync(sent);
        Assert.Equal(condition, await client.ErrorAsync());
        Assert.True(await client.IsCutAsync());
    }

    [Theory]
    [InlineData("<message to='a@localhost'><body>", 300_000, "</body></message>")]
    [InlineData("<message to='", 300_000, "")]
    public async Task Stanza_over_the_limit_is_a_violation_of_policy(string before, int length, string after)
    {
        await using var server = await XmppTestServer.StartAsync(InTheClear, Token);
        await using var client = RawClient.Connect(server);
        var sending = client.SendAsync(RawClient.Header + before + new string('x', length) + after);
        Assert.Equal("policy-violation", await client.ErrorAsync());
        await client.DisposeAsync();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Theory]
    [InlineData("")]
    [InlineData(RawClient.Header)]
    public async Task Client_that_does_not_log_in_in_time_is_told_so(string sent)
    {
        var clock = new FakeTimeProvider();
        await using var server = await XmppTestServer.StartAsync(InTheClear with { TimeProvider = clock }, Token);
        await using var client = RawClient.Connect(server);
        await client.SendAsync(sent + RawClient.Header);
        await client.NextAsync();
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("connection-timeout", await client.ErrorAsync());
    }

    [Fact]
    public async Task Client_that_does_not_begin_with_tls_is_cut_in_time()
    {
        var clock = new FakeTimeProvider();
        await using var server = await XmppTestServer.StartAsync(InTheClear with { TimeProvider = clock }, Token);
        await using var client = RawClient.Connect(server, ConnectionKind.DirectTls);
        await using var other = await RawClient.OpenAsync(server);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await client.IsCutAsync());
        Assert.Equal("connection-timeout", await other.ErrorAsync());
    }

    [Fact]
    public async Task Server_closes_its_stream_after_the_client()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendAsync("</stream:stream>");
        Assert.Null(await client.NextAsync());
        Assert.True(await client.IsCutAsync());
    }

    [Fact]
    public async Task What_is_sent_behind_starttls_in_the_clear_is_never_taken_for_encrypted()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + RawClient.Header);
        Assert.Equal("proceed", (await client.NextAsync())!.Name.LocalName);
        Assert.Equal("policy-violation", await client.ErrorAsync());
    }

    [Fact]
    public async Task Second_starttls_is_a_failure()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        var features = await client.SecureAsync(server);
        Assert.Null(features.Element(new Xml.XmlName("urn:ietf:params:xml:ns:xmpp-tls", "starttls")));
        await client.SendAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        Assert.Equal("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", (await client.NextAsync())!.ToString());
        Assert.Null(await client.NextAsync());
    }

    [Fact]
    public async Task Tls_that_is_none_ends_the_connection()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = RawClient.Connect(server, ConnectionKind.DirectTls);
        await client.SendAsync(RawClient.Header);
        Assert.True(await client.IsCutAsync());
    }

    [Fact]
    public async Task Stopping_server_tells_everybody()
    {
        var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        var stopping = server.DisposeAsync();
        Assert.Equal("system-shutdown", await client.ErrorAsync());
        await client.DisposeAsync();
        await stopping;
    }

    [Fact]
    public async Task Client_that_reads_nothing_is_cut_off_and_holds_up_nobody()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Limits = new XmppTestServerLimits { OutboundStanzas = 50 } }, Token);
        var account = server.AddAccount("deaf");
        await using var deaf = new DeafClient(server, account);
        await deaf.OpenAsync();
        await using var juliet = await server.LoginAsync("juliet", Token);
        var text = new string('x', 10_000);
        for (var i = 0; i < 100; i++)
        {
            await juliet.SendAsync(account.Jid, text, Token);
        }

        // The rest comes back: whoever was deaf is gone, and nothing stands still.
        await juliet.SettleAsync();
        Assert.Contains(server.Transcript.Lines, l => l.Contains("does not read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Noise_never_stops_the_server()
    {
        await using var server = await XmppTestServer.StartAsync(InTheClear, Token);
        var random = new Random(4);
        for (var i = 0; i < 50; i++)
        {
            await using var client = RawClient.Connect(server);
            var noise = new byte[random.Next(1, 4_000)];
            random.NextBytes(noise);
            await client.SendAsync(noise);
            await client.SendAsync("<x"u8.ToArray()).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(juliet.Jid, "still there", Token);
        Assert.Equal("still there", (await juliet.ReceiveAsync(Token)).Body);
    }
}
