using System.Net;
using Microsoft.AspNetCore.Http;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>Endpoints that a domain names itself (XEP-0156 v1.4.0).</summary>
public sealed class HostMetaTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const string Xml = "https://localhost/.well-known/host-meta";
    private const string Json = Xml + ".json";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoint_that_the_domain_names_is_used()
    {
        var port = servers.Web.WebSocketEndpoint.Port;
        await using var client = Client(new PortDialer(port));
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(SessionState.Online, client.State);
    }

    [Fact]
    public async Task Endpoint_of_BOSH_that_the_domain_names_is_used()
    {
        await using var client = Client(
            new PortDialer(servers.Web.BoshEndpoint.Port), o => o.Transport = TransportKind.Bosh);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(SessionState.Online, client.State);
    }

    [Fact]
    public async Task Domain_that_names_no_BOSH_or_one_without_TLS_is_named()
    {
        await using var site = await StartAsync(
            "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'/>",
            """{ "links": [{ "rel": "urn:xmpp:alt-connections:xbosh", "href": "http://localhost/http-bind" }] }""");
        await using var client = Client(site, o => o.Transport = TransportKind.Bosh);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.Contains(
            $"{Xml} names no BOSH; {Json} names http://localhost/http-bind, which is no endpoint with https:", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_links_comments_and_order_do_not_matter()
    {
        await using var site = await StartAsync(
            $"""
            <?xml version='1.0' encoding='utf-8'?>
            <!-- made by hand -->
            <XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>
              <Subject>x</Subject>
              <Link rel='urn:xmpp:alt-connections:xbosh' href='https://localhost/bosh'/>
              <Link rel='urn:xmpp:alt-connections:websocket' href='wss://localhost:1/nothing-there'/>
              <Link rel='urn:xmpp:alt-connections:websocket' href='{servers.Web.WebSocketEndpoint}'><Title>it</Title></Link>
            </XRD>
            """,
            json: null);
        await using var client = Client(site);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task JSON_is_read_where_there_is_no_XML()
    {
        await using var site = await StartAsync(null, Links(servers.Web.WebSocketEndpoint.ToString()));
        await using var client = Client(site);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Redirect_within_https_is_followed()
    {
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            if (context.Request.Path == "/elsewhere")
            {
                await context.Response.WriteAsync(Links(servers.Web.WebSocketEndpoint.ToString()));
            }
            else
            {
                context.Response.Redirect("https://localhost/elsewhere");
            }
        });
        await using var client = Client(site);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
    }

    [Theory]
    [InlineData(null, null, Xml + " answered 404 Not Found; " + Json + " answered 404 Not Found")]
    [InlineData("<html/>", "[]", Xml + " is no host-meta file (RFC 6415); " + Json + " is no host-meta file")]
    [InlineData("<!DOCTYPE html><html>", "{", Xml + " is no host-meta file (RFC 6415); " + Json + " is no host-meta file")]
    [InlineData(
        "<!DOCTYPE x [<!ENTITY a 'b'>]><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>&a;</XRD>", "null",
        Xml + " is no host-meta file")]
    [InlineData(
        "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'/>", "{}", Xml + " names no WebSocket; " + Json + " names no WebSocket")]
    [InlineData(null, """{ "links": [1, {}, { "rel": 2 }, { "rel": "urn:xmpp:alt-connections:websocket" }] }""", Json + " names no WebSocket")]
    [InlineData(null, """{ "links": [{ "rel": "\ud800", "href": "wss://localhost/" }] }""", Json + " is no host-meta file")]
    public async Task What_is_no_good_file_is_named(string? xml, string? json, string problem)
    {
        await using var site = await StartAsync(xml, json);
        Assert.Contains(problem, await FailAsync(site), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ws://localhost/ws")]
    [InlineData("http://localhost/ws")]
    [InlineData("https://localhost/ws")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/ws")]
    [InlineData("")]
    [InlineData("wss://romeo:secret@localhost/")]
    public async Task Endpoint_of_another_scheme_is_named_and_not_used(string link)
    {
        await using var site = await StartAsync(null, Links(link));
        Assert.Contains($"{Json} names {link}, which is no endpoint with wss:", await FailAsync(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_too_long_is_not_read()
    {
        await using var site = await StartAsync(null, new string(' ', 65_536) + Links(servers.Web.WebSocketEndpoint.ToString()));
        Assert.Contains($"{Json} is longer than 65536 bytes", await FailAsync(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_to_http_is_named_and_not_followed()
    {
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            context.Response.Redirect("http://localhost/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Contains(
            $"{Xml} answered 302 Found and points to http://localhost/elsewhere, which is not followed", await FailAsync(site),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_does_not_come_is_given_up()
    {
        var clock = new ManualClock();
        var asked = new SemaphoreSlim(0);
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            await context.Response.WriteAsync("<XRD ");
            asked.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var client = Client(site, o => (o.TimeProvider, o.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(7)));
        var connecting = client.ConnectAsync(Token);
        for (var file = 0; file < 2; file++)
        {
            await asked.WaitAsync(Patience, Token);
            clock.Advance(TimeSpan.FromSeconds(7));
        }

        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.WaitAsync(Patience, Token));
        Assert.Contains($"{Xml} did not come within 7 s; {Json} did not come within 7 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_that_does_not_hold_is_named()
    {
        await using var stranger = await XmppTestServer.StartAsync(Token);
        await using var site = await MetaSite.StartAsync(stranger, _ => Task.CompletedTask);
        Assert.Contains(
            $"{Xml} cannot be read (The server of localhost presented a certificate that ", await FailAsync(site), StringComparison.Ordinal);
    }

    private static string Links(string endpoint) =>
        $$"""{ "links": [{ "rel": "urn:xmpp:alt-connections:websocket", "href": "{{endpoint}}" }] }""";

    private Task<MetaSite> StartAsync(string? xml, string? json) => MetaSite.StartAsync(servers.Server, async context =>
    {
        if ((context.Request.Path == "/.well-known/host-meta" ? xml : json) is { } file)
        {
            await context.Response.WriteAsync(file);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    });

    private async Task<string> FailAsync(IStreamDialer dialer)
    {
        await using var client = Client(dialer);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.StartsWith("Cannot connect to the server of localhost: ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private XmppClient Client(IStreamDialer dialer, Action<XmppClientOptions>? configure = null)
    {
        var account = servers.Server.AddAccount($"meta-{Guid.NewGuid():N}");
        var options = new XmppClientOptions().UseTestServer(servers.Web, account);
        options.Endpoint = null;
        options.Dialer = dialer;
        configure?.Invoke(options);
        return new XmppClient(options);
    }

    private sealed class PortDialer(int port) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            SocketDialer.Instance.DialAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
    }
}
