using System.Net;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>A test server that listens for everything.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public XmppTestServer Server { get; private set; } = null!;

    public XmppTestWebServer Web { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        Web = await XmppTestWebServer.StartAsync(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await Server.DisposeAsync();
    }
}
