using System.Net;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.Proxies;

/// <summary>The way through the proxy of the process: alone, so that no other test goes that way.</summary>
[CollectionDefinition(nameof(DefaultProxyTests), DisableParallelization = true)]
[Collection(nameof(DefaultProxyTests))]
public sealed class DefaultProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proxy_of_the_process_is_used_where_the_options_have_none(bool none)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Listen = any }, Token);
        await using var proxy = new TestProxy("http", server.EndPoint!);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        try
        {
            var options = new XmppClientOptions().UseTestServer(server, server.AddAccount("bot"));
            options.Proxy = none ? new WebProxy() : null;
            await using var client = new XmppClient(options);
            await client.ConnectAsync(Token).Soon();
            Assert.Equal(none ? [] : [server.EndPoint!.ToString()], proxy.Asked);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }
}
