using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
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
    [InlineData("<html/>", "[]", Xml + " is no host-meta file (RFC 6415): <html/>; " + Json + " is no host-meta file (RFC 6415): []")]
    [InlineData("<!DOCTYPE html>\n<p>\u202EHello", "{", Xml + " is no host-meta file (RFC 6415): <!DOCTYPE html> <p> Hello; " + Json)]
    [InlineData("", "", Xml + " is no host-meta file (RFC 6415); " + Json + " is no host-meta file (RFC 6415)")]
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
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Bosh)]
    public async Task Page_where_the_file_should_be_is_named(TransportKind kind)
    {
        await using var site = await StartAsync("<!DOCTYPE html><p>Hello", "<!DOCTYPE html><p>Hello");
        Assert.Contains(
            $"{Xml} is no host-meta file (RFC 6415): <!DOCTYPE html><p>Hello; {Json} is no host-meta file", await FailAsync(site, kind),
            StringComparison.Ordinal);
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

    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Bosh)]
    public async Task File_that_is_too_long_is_not_read(TransportKind kind)
    {
        await using var site = await StartAsync(null, new string(' ', 65_536) + Links(servers.Web.WebSocketEndpoint.ToString()));
        Assert.Contains($"{Json} is longer than 65536 bytes", await FailAsync(site, kind), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Bosh)]
    public async Task Redirect_to_http_is_named_and_not_followed(TransportKind kind)
    {
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            context.Response.Redirect("http://localhost/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Contains(
            $"{Xml} answered 302 Found and points to http://localhost/elsewhere, which is not followed", await FailAsync(site, kind),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Bosh)]
    public async Task File_that_does_not_come_is_given_up(TransportKind kind)
    {
        var clock = new ManualClock();
        var asked = new SemaphoreSlim(0);
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            await context.Response.WriteAsync("<XRD ");
            asked.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var client = Client(site, o => (o.Transport, o.TimeProvider, o.Timeouts.Connect) = (kind, clock, TimeSpan.FromSeconds(7)));
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

    [Theory]
    [InlineData("max-age=60", null, true)]
    [InlineData("public, max-age=60", "59", true)]
    [InlineData("max-age=60", "60", false)]
    [InlineData("max-age=0", null, false)]
    [InlineData("no-store, max-age=60", null, false)]
    [InlineData("no-cache, max-age=60", null, false)]
    [InlineData("s-maxage=60", null, false)]
    [InlineData("max-age=-1", null, false)]
    [InlineData("max-age=soon", null, false)]
    [InlineData(null, null, false)]
    public async Task File_is_remembered_as_long_as_it_says_of_itself(string? cacheControl, string? age, bool isRemembered)
    {
        var asked = 0;
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            Interlocked.Increment(ref asked);
            if (context.Request.Path == "/.well-known/host-meta")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.Headers.CacheControl = "max-age=60";
                return;
            }

            (context.Response.Headers.CacheControl, context.Response.Headers.Age) = (cacheControl, age);
            await context.Response.WriteAsync(Links(servers.Web.WebSocketEndpoint.ToString()));
        });
        var clock = new ManualClock();
        var options = Options(site, o => o.TimeProvider = clock);
        await LogInAsync(options);
        await LogInAsync(options);
        Assert.Equal(isRemembered ? 3 : 4, Volatile.Read(ref asked));
        clock.Advance(TimeSpan.FromSeconds(60));
        await LogInAsync(options);
        Assert.Equal(isRemembered ? 5 : 6, Volatile.Read(ref asked));
    }

    [Fact]
    public async Task File_that_names_what_is_gone_is_asked_for_anew()
    {
        var (asked, endpoint) = (0, servers.Web.WebSocketEndpoint.ToString());
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.Headers.CacheControl = "max-age=31536000";
            if (context.Request.Path == "/.well-known/host-meta.json")
            {
                await context.Response.WriteAsync(Links(endpoint));
                return;
            }

            await context.Response.WriteAsync("<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'/>");
        });
        var clock = new ManualClock();
        var isGone = false;
        var options = Options(new GoneDialer(site, servers.Web.WebSocketEndpoint.Port, () => isGone), o => o.TimeProvider = clock);
        await LogInAsync(options);
        await LogInAsync(options);
        Assert.Equal(2, Volatile.Read(ref asked));
        isGone = true;
        await Assert.ThrowsAsync<XmppConnectionException>(() => LogInAsync(options));
        Assert.Equal(2, Volatile.Read(ref asked));
        isGone = false;
        await LogInAsync(options);
        Assert.Equal(4, Volatile.Read(ref asked));
        clock.Advance(TimeSpan.FromDays(1));
        await LogInAsync(options);
        Assert.Equal(6, Volatile.Read(ref asked));
    }

    [Fact]
    public async Task File_behind_a_redirect_is_not_remembered()
    {
        var asked = 0;
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.Headers.CacheControl = "max-age=60";
            if (context.Request.Path == "/elsewhere")
            {
                await context.Response.WriteAsync(Links(servers.Web.WebSocketEndpoint.ToString()));
            }
            else if (context.Request.Path == "/.well-known/host-meta.json")
            {
                context.Response.Redirect("/elsewhere");
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        var options = Options(site);
        await LogInAsync(options);
        await LogInAsync(options);
        Assert.Equal(6, Volatile.Read(ref asked));
    }

    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Bosh)]
    public async Task Site_that_speaks_plain_http_is_named(TransportKind kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, 2, stream => stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Token).AsTask());
        var message = await FailAsync(new PortDialer(((IPEndPoint)listener.LocalEndpoint).Port), kind);
        Assert.Contains($"{Xml} cannot be read (", message, StringComparison.Ordinal);
        Assert.Contains($"{Json} cannot be read (", message, StringComparison.Ordinal);
        await serving.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Site_that_says_nothing_is_given_up()
    {
        var clock = new ManualClock();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = Client(
            new PortDialer(((IPEndPoint)listener.LocalEndpoint).Port), o => (o.TimeProvider, o.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(7)));
        var connecting = client.ConnectAsync(Token);
        for (var file = 0; file < 2; file++)
        {
            using var connection = await listener.AcceptTcpClientAsync(Token).AsTask().WaitAsync(Patience, Token);
            await connection.GetStream().ReadExactlyAsync(new byte[1], Token).AsTask().WaitAsync(Patience, Token);
            clock.Advance(TimeSpan.FromSeconds(7));
            Assert.Equal(0, await DrainAsync(connection.GetStream()).WaitAsync(Patience, Token));
        }

        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.WaitAsync(Patience, Token));
        Assert.Contains($"{Xml} did not come within 7 s; {Json} did not come within 7 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://localhost/elsewhere")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ws://localhost/elsewhere")]
    [InlineData("javascript:alert(1)")]
    public async Task Redirect_to_a_foreign_scheme_is_named_and_not_followed(string target)
    {
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        });
        Assert.Contains($"{Xml} answered 302 Found and points to {target}, which is not followed", await FailAsync(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_to_http_behind_one_to_https_is_not_followed()
    {
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            context.Response.Redirect(context.Request.Path == "/second" ? "http://localhost/third" : "https://localhost/second");
            return Task.CompletedTask;
        });
        Assert.Contains(
            $"{Xml} answered 302 Found and points to http://localhost/third, which is not followed", await FailAsync(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_that_do_not_end_are_not_followed_for_ever()
    {
        var asked = 0;
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.Redirect(context.Request.Path.ToString());
            return Task.CompletedTask;
        });
        Assert.Contains($"{Xml} answered 302 Found and points to /.well-known/host-meta, which is not followed", await FailAsync(site), StringComparison.Ordinal);
        Assert.Equal(12, Volatile.Read(ref asked));
    }

    [Fact]
    public async Task Redirect_to_nowhere_is_named()
    {
        await using var site = await MetaSite.StartAsync(servers.Server, context =>
        {
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            return Task.CompletedTask;
        });
        Assert.Contains($"{Xml} answered 301 Moved Permanently;", await FailAsync(site), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_without_an_end_is_read_no_further_than_it_may_be_long(bool inFields)
    {
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            if (inFields)
            {
                for (var i = 0; i < 100; i++)
                {
                    context.Response.Headers[$"X-{i}"] = new string('x', 1000);
                }

                return;
            }

            var piece = new byte[1000];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        });
        var message = await FailAsync(site);
        foreach (var file in (string[])[Xml, Json])
        {
            Assert.Contains(inFields ? $"{file} cannot be read (" : $"{file} is longer than 65536 bytes", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task File_that_is_packed_unasked_is_not_unpacked()
    {
        await using var site = await MetaSite.StartAsync(servers.Server, async context =>
        {
            Assert.Equal("", context.Request.Headers.AcceptEncoding.ToString());
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.SmallestSize);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(new string(' ', 10_000_000)), Token);
        });
        var message = await FailAsync(site);
        Assert.Contains($"{Xml} is no host-meta file (RFC 6415): ", message, StringComparison.Ordinal);
        Assert.Contains($"{Json} is no host-meta file (RFC 6415): ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_depth_are_read_or_refused()
    {
        await using var site = await StartAsync(
            "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>" + string.Concat(Enumerable.Repeat("<a>", 20_000)), new string('[', 60_000));
        var message = await FailAsync(site);
        Assert.Contains($"{Xml} is no host-meta file (RFC 6415): <XRD ", message, StringComparison.Ordinal);
        Assert.Contains($"{Json} is no host-meta file (RFC 6415): [[[", message, StringComparison.Ordinal);
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

    private async Task<string> FailAsync(IStreamDialer dialer, TransportKind kind = TransportKind.WebSocket)
    {
        await using var client = Client(dialer, o => o.Transport = kind);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.StartsWith("Cannot connect to the server of localhost: ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private static async Task<int> DrainAsync(NetworkStream stream)
    {
        try
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Broken off is as good an end.
        }

        return 0;
    }

    private static async Task ServeAsync(TcpListener listener, int connections, Func<NetworkStream, Task> answer)
    {
        for (var i = 0; i < connections; i++)
        {
            using var connection = await listener.AcceptTcpClientAsync(Token);
            await answer(connection.GetStream());
            await DrainAsync(connection.GetStream());
        }
    }

    private static async Task LogInAsync(XmppClientOptions options)
    {
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
    }

    private XmppClient Client(IStreamDialer dialer, Action<XmppClientOptions>? configure = null) => new(Options(dialer, configure));

    private XmppClientOptions Options(IStreamDialer dialer, Action<XmppClientOptions>? configure = null)
    {
        var account = servers.Server.AddAccount($"meta-{Guid.NewGuid():N}");
        var options = new XmppClientOptions().UseTestServer(servers.Web, account);
        options.Endpoint = null;
        options.Dialer = dialer;
        configure?.Invoke(options);
        return options;
    }

    private sealed class GoneDialer(IStreamDialer inner, int port, Func<bool> isGone) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) => address.Port == port && isGone()
            ? throw new SocketException((int)SocketError.ConnectionRefused) : inner.DialAsync(address, cancellationToken);
    }

    private sealed class PortDialer(int port) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            SocketDialer.Instance.DialAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
    }
}
