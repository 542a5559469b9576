using System.Net;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Transports.Tcp;
using static XmppChatClient.Core.Tests.Dns.FakeLookup;

namespace XmppChatClient.Core.Tests.Dns;

/// <summary>Clients that find their server by DNS, on loopback.</summary>
public sealed class DiscoveryTests
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);

    private readonly FakeTimeProvider _time = new();
    // Shorter than what a client waits for by the same clock.
    private readonly FakeLookup _dns = new() { TimeToLive = TimeSpan.FromSeconds(5) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_is_first_is_used_and_the_other_when_it_is_not_there(bool directFirst)
    {
        await using var server = await StartAsync();
        var (startTls, direct) = (server.EndPoint!, server.DirectTlsEndPoint!);
        foreach (var isThere in (bool[])[true, false])
        {
            _dns.StartTls = [Record("127.0.0.1", startTls.Port, directFirst ? 2 : 1)];
            _dns.DirectTls = [Record("127.0.0.1", direct.Port, directFirst ? 1 : 2)];
            var first = directFirst ? direct : startTls;
            var options = Options(server);
            var routes = Routes(options);
            routes.IsDead = address => !isThere && address == first.ToString();
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).Soon();
            Assert.Equal(isThere ? [first.ToString()] : [first.ToString(), (directFirst ? startTls : direct).ToString()], routes.Dialed);
        }
    }

    [Fact]
    public async Task Within_the_time_to_live_DNS_is_asked_once_whatever_becomes_of_connections()
    {
        await using var server = await StartAsync();
        _dns.StartTls = [Record("127.0.0.1", server.EndPoint!.Port)];
        var options = Options(server);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        await StartedAsync(client);
        Assert.Equal("_xmpp-client._tcp.localhost _xmpps-client._tcp.localhost", _dns.Asked);
        await DropAsync(server, client);
        Assert.Equal("", _dns.Asked);
        _time.Advance(_dns.TimeToLive);
        await DropAsync(server, client);
        Assert.Equal("_xmpp-client._tcp.localhost _xmpps-client._tcp.localhost", _dns.Asked);
    }

    [Fact]
    public async Task Server_that_has_moved_is_found_at_once()
    {
        await using var server = await StartAsync();
        _dns.StartTls = [Record("127.0.0.1", server.EndPoint!.Port)];
        _dns.DirectTls = [Record("127.0.0.1", 1, 2)];
        var options = Options(server);
        var routes = Routes(options);
        var (old, moved) = (server.EndPoint!.ToString(), server.DirectTlsEndPoint!.ToString());
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        await StartedAsync(client);
        _ = _dns.Asked;
        _dns.DirectTls = [Record("127.0.0.1", server.DirectTlsEndPoint!.Port, 1)];
        routes.IsDead = address => address != moved;
        await DropAsync(server, client);
        Assert.Equal([old, old, "127.0.0.1:1", moved], routes.Dialed);
        Assert.Equal("_xmpp-client._tcp.localhost _xmpps-client._tcp.localhost", _dns.Asked);
    }

    [Fact]
    public async Task When_all_have_failed_DNS_is_asked_before_they_are_tried_again()
    {
        await using var server = await StartAsync();
        _dns.StartTls = [Record("127.0.0.1", 1)];
        var connector = new TcpConnector(Options(server), new RouteDialer(SocketDialer.Instance) { IsDead = _ => true }, _dns);
        for (var round = 0; round < 2; round++)
        {
            var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connector.ConnectAsync("localhost", null, Token).AsTask().Soon());
            Assert.Contains("127.0.0.1:1 cannot be reached", error.Message, StringComparison.Ordinal);
            Assert.Equal("_xmpp-client._tcp.localhost _xmpps-client._tcp.localhost", _dns.Asked);
        }
    }

    [Fact]
    public async Task Each_failure_is_told_that_of_DNS_too()
    {
        await using var server = await StartAsync();
        (_dns.StartTls, _dns.DirectTls) = (null, [Record("127.0.0.1", 1), Record("no host", 2, 1)]);
        var options = Options(server);
        Routes(options).IsDead = _ => true;
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.StartsWith(
            "Cannot connect to the server of localhost: DNS did not answer for _xmpp-client._tcp.localhost: no luck; 127.0.0.1:1 cannot be reached",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("; The host no host is not found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domain_that_offers_nothing_is_told_and_not_tried()
    {
        await using var server = await StartAsync();
        (_dns.StartTls, _dns.DirectTls) = ([Record(".", 0)], [Record(".", 0)]);
        var options = Options(server);
        var routes = Routes(options);
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(
            "Cannot connect to the server of localhost: DNS says that localhost offers no xmpp-client or xmpps-client service", error.Message);
        Assert.Empty(routes.Dialed);
    }

    // A firewall that takes connections and ends them when it sees what they are.
    [Fact]
    public async Task Target_where_nothing_comes_of_it_is_the_last_one_next_time()
    {
        await using var server = await StartAsync();
        _dns.StartTls = [Record("127.0.0.1", server.EndPoint!.Port)];
        _dns.DirectTls = [Record("127.0.0.1", server.DirectTlsEndPoint!.Port, 1)];
        var options = Options(server);
        var routes = Routes(options);
        routes.IsShut = address => address == server.EndPoint!.ToString();
        await using var client = new XmppClient(options);
        var running = client.RunAsync(Token);
        await StartedAsync(client);
        Assert.Equal([server.EndPoint!.ToString(), server.DirectTlsEndPoint!.ToString()], routes.Dialed);
        await client.CloseAsync(Token).Soon();
        await running.Soon();
    }

    private static Task<XmppTestServer> StartAsync() =>
        XmppTestServer.StartAsync(new XmppTestServerOptions { Listen = Any, ListenDirectTls = Any }, Token);

    private static RouteDialer Routes(XmppClientOptions options)
    {
        options.Dialer ??= SocketDialer.Instance;
        return RouteDialer.Of(options);
    }

    private async Task DropAsync(XmppTestServer server, XmppClient client)
    {
        server.Faults.DropConnections();
        await StartedAsync(client);
    }

    // The next session may have to be waited for, and once more where the first attempt comes to nothing.
    private async Task StartedAsync(XmppClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        var ends = 0;
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            switch (next)
            {
                case SessionStarted:
                    return;
                case SessionEnded { RetryIn: { } wait }:
                    Assert.InRange(++ends, 1, 2);
                    _time.Advance(wait);
                    break;
            }
        }

        Assert.Fail("The client ended.");
    }

    private XmppClientOptions Options(XmppTestServer server)
    {
        var options = new XmppClientOptions { TimeProvider = _time }.UseTestServer(server, server.AddAccount($"bot-{Guid.NewGuid():N}"));
        (options.Host, options.Port) = (null, null);
        options.Connector = new LateConnector(options, _dns);
        return options;
    }

    /// <summary>Reads the options when they are complete.</summary>
    private sealed class LateConnector(XmppClientOptions options, FakeLookup dns) : Transports.IXmppConnector
    {
        private TcpConnector? _connector;

        public ValueTask<Transports.IXmppTransport> ConnectAsync(
            string domain, Transports.ServerHost? preferred, CancellationToken cancellationToken)
        {
            _connector ??= new TcpConnector(options, options.Dialer ?? SocketDialer.Instance, dns);
            return _connector.ConnectAsync(domain, preferred, cancellationToken);
        }
    }
}
