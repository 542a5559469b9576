using System.Net;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Interop.Tests;

/// <summary>Sessions through each kind of proxy, which wants a login, over each network.</summary>
public sealed class ProxyTests(SharedServers servers)
{
    private const string Name = "xmpp.nowhere.test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<ServerKind, Network, string> Ways =>
        new([ServerKind.Prosody, ServerKind.Ejabberd], [Network.Sockets, Network.DotNetty, Network.WebSocket], ["http", "https", "socks5"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Session_goes_through_a_proxy(ServerKind kind, Network network, string scheme)
    {
        var server = await servers.GetAsync(kind);
        var login = new NetworkCredential("romeo", "wherefore");
        var port = network == Network.WebSocket ? server.HttpsPort : server.Port;
        await using var proxy = new TestProxy(
            scheme, new IPEndPoint(IPAddress.Parse(server.Host), port), login,
            scheme == "https"
                ? X509Certificate2.CreateFromPemFile(
                    server.Certificates.CertificateFile(ServerCertificate.Server), server.Certificates.KeyFile(ServerCertificate.Server))
                : null);
        await using var client = await new NetworkAccounts(network).LoginNewAsync(server, "proxy", Token, options =>
        {
            options.Proxy = new WebProxy(proxy.Address) { Credentials = login };
            options.Host = network == Network.WebSocket ? null : Name;
        });
        await client.Get<PingModule>().PingAsync(cancellationToken: Token);
        Assert.Equal([$"{(network == Network.WebSocket ? server.Host : Name)}:{port}"], proxy.Asked);
    }

    [Theory, EachServer]
    public async Task Direct_TLS_goes_through_a_proxy(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var proxy = new TestProxy("socks5", new IPEndPoint(IPAddress.Parse(server.Host), server.DirectTlsPort));
        var options = Accounts.Options(server, "alice", TlsMode.Direct);
        (options.Proxy, options.Host) = (new WebProxy(proxy.Address), Name);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        Assert.Equal([$"{Name}:{server.DirectTlsPort}"], proxy.Asked);
    }
}
