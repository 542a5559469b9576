using System.Net;
using System.Net.Sockets;
using System.Text;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>The way through an HTTP proxy, which is the process's: alone, so that no other test goes that way.</summary>
[CollectionDefinition(nameof(ProxyTests), DisableParallelization = true)]
[Collection(nameof(ProxyTests))]
public sealed class ProxyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_goes_through_the_proxy_of_the_process(bool useTls)
    {
        var requests = new List<string>();
        await ThroughAsync(
            async stream =>
            {
                var request = await ReadHeadAsync(stream);
                requests.Add(request.Split("\r\n")[0]);
                using var onward = new TcpClient();
                await onward.ConnectAsync(IPAddress.Loopback, new Uri("http://" + request.Split(' ')[1]).Port, Token);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), Token);
                await Task.WhenAny(stream.CopyToAsync(onward.GetStream(), Token), onward.GetStream().CopyToAsync(stream, Token));
            },
            useTls,
            async (client, web) =>
            {
                await client.ConnectAsync(Token).WaitAsync(Patience, Token);
                Assert.Equal([$"CONNECT localhost:{web.WebSocketEndpoint.Port} HTTP/1.1"], requests);
            });
    }

    [Fact]
    public async Task Refusal_of_the_proxy_is_named() => await ThroughAsync(
        async stream =>
        {
            await ReadHeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Token);
        },
        useTls: true,
        async (client, web) =>
        {
            var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Patience, Token));
            Assert.Contains(web.WebSocketEndpoint.ToString(), error.Message, StringComparison.Ordinal);
            Assert.Contains("407", error.Message, StringComparison.Ordinal);
        });

    private static async Task ThroughAsync(
        Func<NetworkStream, Task> proxy, bool useTls, Func<XmppClient, XmppTestWebServer, Task> test)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, new XmppTestWebServerOptions { UseTls = useTls }, Token);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, proxy);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy($"http://{listener.LocalEndpoint}");
        try
        {
            var options = new XmppClientOptions().UseTestServer(web, server.AddAccount("bot"));
            options.Tls = useTls ? TlsMode.Required : TlsMode.Disabled;
            await using var client = new XmppClient(options);
            await test(client, web);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        await serving.WaitAsync(Patience, Token);
    }

    private static async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task> proxy)
    {
        using var connection = await listener.AcceptTcpClientAsync(Token);
        await proxy(connection.GetStream());
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
