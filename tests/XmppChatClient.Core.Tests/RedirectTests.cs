using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Streams;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

/// <summary>Servers that send their clients elsewhere: see-other-host (RFC 6120 §4.9.3.19) and the location of a session
/// (XEP-0198 §3).</summary>
public sealed class RedirectTests(Certificates certificates) : IClassFixture<Certificates>
{
    private const string Usual = "127.0.0.1:5222";
    private const string Opening = "C: version='1.0'\nS: " + Logins.Header + "\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.2:5333", "127.0.0.2", 5333)]
    [InlineData(" 127.0.0.2 ", "127.0.0.2", null)]
    [InlineData("[2001:DB8:0::1]:5333", "2001:db8::1", 5333)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("Chat.Example.org:1", "chat.example.org", 1)]
    [InlineData("bücher.example:65535", "xn--bcher-kva.example", 65_535)]
    public void Host_is_read(string text, string name, int? port)
    {
        var host = ServerHost.Read(text);
        Assert.Equal(new ServerHost(name, port), host);
        Assert.Equal(host, ServerHost.Read(host!.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":5222")]
    [InlineData("example.org:")]
    [InlineData("example.org:0")]
    [InlineData("example.org:65536")]
    [InlineData("example.org:-1")]
    [InlineData("example.org:5222 x")]
    [InlineData("example.org:5222:5222")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("[::1]5222")]
    [InlineData("[example.org]")]
    [InlineData("300.1.1.1")]
    [InlineData("not a host")]
    [InlineData("user@example.org")]
    [InlineData("http://example.org/")]
    [InlineData("example.org\n5222")]
    public void What_is_no_host_is_none(string? text) => Assert.Null(ServerHost.Read(text));

    [Theory]
    [InlineData("127.0.0.2:5333", "127.0.0.2:5333")]
    [InlineData("127.0.0.2", "127.0.0.2:5222")]
    [InlineData("[::1]:5333", "[::1]:5333")]
    public async Task Session_that_is_sent_elsewhere_goes_there_at_once(string host, string address)
    {
        var (client, routes) = Create(
            certificates, Logins.Server(Logins.Whole + Sent(host), certificates, next: Logins.Server(Logins.Whole, certificates)),
            o => o.Reconnect.Enabled = true);
        await using var _ = client;
        var running = client.RunAsync(Token);
        var events = await client.ReadEventsAsync(Token).Take(3).ToListAsync(Token).AsTask().Soon();
        Assert.IsType<SessionStarted>(events[0]);
        Assert.Equal(TimeSpan.Zero, Assert.IsType<SessionEnded>(events[1]).RetryIn);
        Assert.IsType<SessionStarted>(events[2]);
        Assert.Equal([Usual, address], routes.Dialed);
        await client.CloseAsync(Token);
        await running.Soon();
    }

    [Fact]
    public async Task Login_that_is_sent_elsewhere_over_TLS_goes_on_there()
    {
        var (client, routes) = Create(
            certificates,
            Logins.Server(Logins.StartTls + Opening + Sent("127.0.0.2"), certificates, next: Logins.Server(Logins.Whole, certificates)));
        await using var _ = client;
        await client.ConnectAsync(Token).Soon();
        Assert.Equal([Usual, "127.0.0.2:5222"], routes.Dialed);
    }

    [Fact]
    public async Task Where_no_TLS_is_wanted_it_may_be_said_in_the_clear()
    {
        var (client, routes) = Create(
            null, Logins.Server(Opening + Sent("127.0.0.2"), next: Logins.Server(Logins.Offer + Logins.Scram + Logins.Bind)));
        await using var _ = client;
        await client.ConnectAsync(Token).Soon();
        Assert.Equal([Usual, "127.0.0.2:5222"], routes.Dialed);
    }

    [Fact]
    public async Task What_anybody_on_the_way_may_have_said_is_not_followed()
    {
        var (client, routes) = Create(
            certificates, Logins.Server(Opening + Sent("127.0.0.2"), certificates, next: Logins.Server(Logins.Whole, certificates)));
        await using var _ = client;
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(StreamErrorCondition.SeeOtherHost, error.Error.Condition);
        Assert.Equal([Usual], routes.Dialed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a host")]
    [InlineData("&lt;evil/&gt;")]
    [InlineData("[::1:5222")]
    public async Task Rubbish_is_waited_out_as_other_trouble_is(string host)
    {
        var (client, routes) = Create(
            certificates, Logins.Server(Logins.Whole + Sent(host), certificates), o => o.Reconnect.Enabled = true);
        await using var _ = client;
        await client.ConnectAsync(Token).Soon();
        var events = await client.ReadEventsAsync(Token).Take(2).ToListAsync(Token).AsTask().Soon();
        Assert.True(Assert.IsType<SessionEnded>(events[1]).RetryIn > TimeSpan.Zero);
        Assert.Equal([Usual], routes.Dialed);
    }

    [Theory]
    [InlineData(Opening)]
    [InlineData(Logins.Offer + Logins.Scram + Logins.Bind)]
    public async Task Hosts_that_send_us_to_each_other_do_so_three_times_in_a_row(string login)
    {
        ScriptedServer? server = null;
        for (var i = 7; i >= 0; i--)
        {
            server = Logins.Server(login + Sent(i % 2 == 0 ? "127.0.0.2" : "127.0.0.3"), next: server);
        }

        var time = new FakeTimeProvider();
        var (client, routes) = Create(null, server!, o =>
        {
            o.Reconnect.Enabled = true;
            o.TimeProvider = time;
        });
        await using var _ = client;
        var running = client.RunAsync(Token);
        for (var round = 1; round <= 2; round++)
        {
            var wait = await WaitAsync(client);
            Assert.Equal(4 * round, routes.Dialed.Count);
            if (round == 1)
            {
                time.Advance(wait);
            }
        }

        string[] row = [Usual, "127.0.0.2:5222", "127.0.0.3:5222", "127.0.0.2:5222"];
        Assert.Equal([.. row, .. row], routes.Dialed);
        await client.CloseAsync(Token);
        await running.Soon();
    }

    [Fact]
    public async Task Host_that_cannot_be_reached_leaves_the_usual_one()
    {
        var (client, routes) = Create(
            certificates,
            Logins.Server(Logins.StartTls + Opening + Sent("127.0.0.2:1"), certificates, next: Logins.Server(Logins.Whole, certificates)));
        await using var _ = client;
        routes.IsDead = address => address == "127.0.0.2:1";
        await client.ConnectAsync(Token).Soon();
        Assert.Equal([Usual, "127.0.0.2:1", Usual], routes.Dialed);
    }

    [Fact]
    public async Task Certificate_must_be_the_domains_there_too()
    {
        var other = Logins.Server(Logins.StartTls + "C: version", certificates, ServerCertificate.WrongHost);
        var (client, _) = Create(
            certificates, Logins.Server(Logins.StartTls + Opening + Sent("elsewhere.test"), certificates, next: other));
        await using var _ = client;
        await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.DoesNotContain("alice", other.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_is_resumed_where_the_server_wants_it()
    {
        var (server, live, routes) = await LocatedAsync("[::1]:5333");
        await using var _ = server;
        await using var __ = live;
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal([Usual, "[::1]:5333"], routes.Dialed);
    }

    [Fact]
    public async Task Session_is_resumed_elsewhere_when_nobody_is_where_the_server_wants_it()
    {
        var (server, live, routes) = await LocatedAsync("127.0.0.2:5333");
        await using var _ = server;
        await using var __ = live;
        routes.IsDead = _ => true;
        server.Faults.DropConnections();
        live.Clock.Advance((await live.EventAsync<SessionEnded>()).RetryIn!.Value);
        var ended = await live.EventAsync<SessionEnded>();
        routes.IsDead = address => address != Usual;
        live.Clock.Advance(ended.RetryIn!.Value);
        Assert.True((await live.EventAsync<SessionStarted>()).Resumed);
        Assert.Equal([Usual, "127.0.0.2:5333", Usual, "127.0.0.2:5333", Usual], routes.Dialed);
    }

    [Fact]
    public async Task Host_where_nothing_comes_of_it_is_not_preferred_again()
    {
        var (server, live, routes) = await LocatedAsync("127.0.0.2:5333");
        await using var _ = server;
        await using var __ = live;
        routes.IsShut = address => address != Usual;
        server.Faults.DropConnections();
        live.Clock.Advance((await live.EventAsync<SessionEnded>()).RetryIn!.Value);
        Assert.True((await live.ComeBackAsync()).MayResume);
        Assert.Equal([Usual, "127.0.0.2:5333", Usual], routes.Dialed);
    }

    [Fact]
    public async Task Location_that_is_none_is_not_minded()
    {
        var (server, live, routes) = await LocatedAsync("no such: place");
        await using var _ = server;
        await using var __ = live;
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        Assert.Equal([Usual, Usual], routes.Dialed);
    }

    private static string Sent(string host) =>
        $"S: <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>{host}</see-other-host></stream:error></stream:stream>";

    private static (XmppClient Client, RouteDialer Routes) Create(
        Certificates? certificates, ScriptedServer server, Action<XmppClientOptions>? configure = null)
    {
        var options = server.Options(certificates, configure);
        var routes = RouteDialer.Of(options);
        return (new XmppClient(options), routes);
    }

    private static async Task<(XmppTestServer Server, LiveClient Live, RouteDialer Routes)> LocatedAsync(string location)
    {
        var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { StreamManagement = new() { Location = location } }, Token);
        RouteDialer? routes = null;
        var live = await LiveClient.ConnectAsync(server, adapt: options => routes = RouteDialer.Of(options));
        return (server, live, routes!);
    }

    private static async Task<TimeSpan> WaitAsync(XmppClient client)
    {
        await foreach (var next in client.ReadEventsAsync(Token))
        {
            if (next is SessionEnded { RetryIn: { } wait } && wait > TimeSpan.Zero)
            {
                return wait;
            }
        }

        throw new InvalidOperationException("The client ended.");
    }
}
