using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.Proxies;

/// <summary>Sessions through proxies of all kinds.</summary>
public sealed class ProxyTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static readonly NetworkCredential Login = new("romeo", "wherefore");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http", TlsMode.Required, false)]
    [InlineData("http", TlsMode.Direct, true)]
    [InlineData("https", TlsMode.Required, true)]
    [InlineData("https", TlsMode.Direct, false)]
    [InlineData("socks5", TlsMode.Required, true)]
    [InlineData("socks5h", TlsMode.Direct, false)]
    public async Task Session_goes_through_a_proxy_that_finds_the_server_by_name(string scheme, TlsMode tls, bool asksForLogin)
    {
        await using var server = await ListenAsync();
        await using var proxy = new TestProxy(
            scheme, (tls == TlsMode.Direct ? server.DirectTlsEndPoint : server.EndPoint)!, asksForLogin ? Login : null,
            scheme == "https" ? certificates.Of(ServerCertificate.Server) : null);
        var log = new FakeLogCollector();
        var options = Options(server, proxy, tls);
        if (asksForLogin)
        {
            options.Proxy!.Credentials = Login;
        }

        using var factory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log)));
        options.LoggerFactory = factory;
        await using (var client = new XmppClient(options))
        {
            await client.ConnectAsync(Token).Soon();
            await client.CloseAsync(Token).Soon();
        }

        Assert.Equal(["xmpp.nowhere.test:15222"], proxy.Asked);
        var lines = string.Join('\n', log.GetSnapshot().Select(r => r.Message));
        Assert.Contains($"xmpp.nowhere.test:15222 through the proxy {scheme}://127.0.0.1:{proxy.Address.Port}, TLS 1.3", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("wherefore", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_the_proxy_is_not_for_is_reached_directly()
    {
        await using var server = await ListenAsync();
        await using var proxy = new TestProxy("http", server.EndPoint!);
        var options = Options(server, proxy, TlsMode.Required);
        (options.Host, options.Port) = ("127.0.0.1", server.EndPoint!.Port);
        options.Proxy = new WebProxy(proxy.Address, BypassOnLocal: false, ["127\\.0\\.0\\.1"]);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        Assert.Empty(proxy.Asked);
    }

    [Theory]
    [InlineData(ServerCertificate.WrongHost, "for another name")]
    [InlineData(ServerCertificate.SelfSigned, "that nobody trusted here has signed")]
    public async Task Certificate_of_a_proxy_must_hold(ServerCertificate which, string problem)
    {
        await using var server = await ListenAsync();
        await using var proxy = new TestProxy("https", server.EndPoint!, Login, certificates.Of(which));
        var options = Options(server, proxy, TlsMode.Required);
        options.Proxy!.Credentials = Login;
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(proxy.Asked);
    }

    [Fact]
    public async Task Certificate_of_the_server_must_hold_behind_a_proxy_too()
    {
        await using var server = await ListenAsync();
        await using var proxy = new TestProxy("socks5", server.EndPoint!);
        server.Faults.PresentCertificate(BadCertificate.WrongHost);
        await using var client = new XmppClient(Options(server, proxy, TlsMode.Required));
        await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token).Soon());
    }

    [Fact]
    public async Task Proxy_that_is_not_there_is_named()
    {
        await using var server = await ListenAsync();
        var options = Options(server, null, TlsMode.Required);
        options.Proxy = new WebProxy("http://romeo:wherefore@127.0.0.1:1");
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains(
            "xmpp.nowhere.test:15222 cannot be reached through the proxy http://127.0.0.1:1: it cannot be reached (127.0.0.1:1: ", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("wherefore", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("socks4://127.0.0.1:1")]
    [InlineData("ftp://romeo:wherefore@127.0.0.1:1")]
    public async Task Proxy_of_an_unknown_kind_is_refused_wherever_it_is_named(string address)
    {
        var uri = new Uri(address);
        var options = new XmppClientOptions { Jid = Jid.Parse("example.org"), Proxy = new WebProxy(uri) };
        Assert.StartsWith("Proxy must begin with http:", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        (options.Proxy, options.Host) = (new Environment(uri), "192.0.2.1");
        options.Reconnect.Enabled = false;
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains($"192.0.2.1:5222 cannot be reached through the proxy {uri.Scheme}://127.0.0.1:1: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wherefore", error.ToString(), StringComparison.Ordinal);
    }

    private static Task<XmppTestServer> ListenAsync()
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        return XmppTestServer.StartAsync(new XmppTestServerOptions { Listen = any, ListenDirectTls = any }, Token);
    }

    private XmppClientOptions Options(XmppTestServer server, TestProxy? proxy, TlsMode tls)
    {
        var options = new XmppClientOptions { Tls = tls, TrustedRoots = certificates.TrustedRoots };
        options.UseTestServer(server, server.AddAccount("bot"));
        (options.Host, options.Port) = ("xmpp.nowhere.test", 15222);
        options.Reconnect.Enabled = false;
        options.Proxy = proxy is null ? null : new WebProxy(proxy.Address);
        return options;
    }

    private sealed class Environment(Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => proxy;

        public bool IsBypassed(Uri host) => false;
    }
}
