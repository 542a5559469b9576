namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>What is special about WebSocket.</summary>
public sealed class WebSocketTests() : WebTests(TransportKind.WebSocket)
{
    [Fact]
    public async Task Plain_WebSocket_carries_a_session_where_TLS_is_disabled()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, new XmppTestWebServerOptions { UseTls = false }, Token);
        Assert.Equal("ws", web.WebSocketEndpoint.Scheme);
        await using var client = await LoginAsync(web, server.AddAccount("bot"), o => o.Tls = TlsMode.Disabled);
        Assert.DoesNotContain("starttls", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_is_named()
    {
        var options = new XmppTestWebServerOptions { Port = Web.WebSocketEndpoint.Port };
        await Assert.ThrowsAsync<TestServerException>(() => XmppTestWebServer.StartAsync(Server, options, Token));
    }
}
