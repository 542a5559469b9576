using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>Whatever way there is to a domain's server.</summary>
public sealed class AutoTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const string WebSocket = "urn:xmpp:alt-connections:websocket";
    private const string Bosh = "urn:xmpp:alt-connections:xbosh";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TCP_is_taken_where_it_can_be_reached()
    {
        await using var site = await StartAsync((WebSocket, servers.Web.WebSocketEndpoint));
        Assert.StartsWith("127.0.0.1:", await WayAsync(site, servers.Server.EndPoint!.Port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_is_next_whatever_stands_first()
    {
        await using var site = await StartAsync((Bosh, servers.Web.BoshEndpoint), (WebSocket, servers.Web.WebSocketEndpoint));
        Assert.StartsWith("wss://", await WayAsync(site, DeadPort()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BOSH_is_last()
    {
        await using var site = await StartAsync((Bosh, servers.Web.BoshEndpoint), (WebSocket, new Uri($"wss://localhost:{DeadPort()}/")));
        Assert.StartsWith("https://", await WayAsync(site, DeadPort()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_connections_and_says_nothing_is_gone_round()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var site = await StartAsync((WebSocket, servers.Web.WebSocketEndpoint));
        var log = new FakeLoggerProvider();
        TimeoutOptions timeouts = null!;
        await using var client = Client(site, ((IPEndPoint)silent.LocalEndpoint).Port, log, o => timeouts = o.Timeouts);
        timeouts.Handshake = TimeSpan.FromMilliseconds(100);
        await Assert.ThrowsAsync<XmppTimeoutException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        timeouts.Handshake = Patience;
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        Assert.Contains("(wss://", Online(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_says_what_became_of_each_way()
    {
        var port = DeadPort();
        await using var site = await StartAsync();
        await using var client = Client(site, port, new FakeLoggerProvider());
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
        Assert.StartsWith($"Cannot connect to the server of localhost: 127.0.0.1:{port} cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://localhost/.well-known/host-meta names no WebSocket", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://localhost/.well-known/host-meta names no BOSH", error.Message, StringComparison.Ordinal);
    }

    private static int DeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Online(FakeLoggerProvider log) => log.Collector.GetSnapshot().Single(r => r.Id.Id == 30).Message;

    private Task<MetaSite> StartAsync(params (string Relation, Uri Endpoint)[] links) => MetaSite.StartAsync(
        servers.Server,
        context => context.Response.WriteAsync(
            "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
            + string.Concat(links.Select(l => $"<Link rel='{l.Relation}' href='{l.Endpoint}'/>")) + "</XRD>"));

    /// <returns>What the session goes over, as the log says.</returns>
    private async Task<string> WayAsync(IStreamDialer dialer, int port)
    {
        var log = new FakeLoggerProvider();
        await using var client = Client(dialer, port, log);
        await client.ConnectAsync(Token).WaitAsync(Patience, Token);
        return Online(log).Split('(')[1];
    }

    private XmppClient Client(IStreamDialer dialer, int port, FakeLoggerProvider log, Action<XmppClientOptions>? configure = null)
    {
        var account = servers.Server.AddAccount($"auto-{Guid.NewGuid():N}");
        var options = new XmppClientOptions
        {
            Jid = account.Jid,
            Password = account.Password,
            Transport = TransportKind.Auto,
            Host = "127.0.0.1",
            Port = port,
            Dialer = dialer,
            LoggerFactory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(log)),
        };
        options.TrustedCertificates.Add(servers.Server.TrustedRoot);
        configure?.Invoke(options);
        return new XmppClient(options);
    }
}
