using System.Net;
using XmppChatClient.NothingLost.Proxy;
using XmppChatClient.Testing;

namespace XmppChatClient.NothingLost.Tests;

/// <summary>A test server, a bot that reaches it through a proxy, and a user that reaches it directly.</summary>
internal sealed class TestScene : IAsyncDisposable
{
    private TestScene(XmppTestServer server, FaultProxy proxy, Conversation conversation)
    {
        Server = server;
        Proxy = proxy;
        Conversation = conversation;
    }

    public XmppTestServer Server { get; }

    public FaultProxy Proxy { get; }

    public Conversation Conversation { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>All are online. Without TLS, so that a cut is at a byte of XML.</summary>
    public static async Task<TestScene> StartAsync(Action<XmppClientOptions>? configure = null)
    {
        var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), RequireTls = false }, Token);
        var proxy = FaultProxy.Start(server.EndPoint!);
        var options = Options(server, "bot");
        options.Port = proxy.EndPoint.Port;
        configure?.Invoke(options);
        var subject = await Party.ConnectAsync(options, Token);
        var peer = await Party.ConnectAsync(Options(server, "juliet"), Token);
        return new TestScene(server, proxy, new Conversation(subject, peer));
    }

    public async ValueTask DisposeAsync()
    {
        await Conversation.Subject.DisposeAsync();
        await Conversation.Peer.DisposeAsync();
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static XmppClientOptions Options(XmppTestServer server, string user)
    {
        var options = new XmppClientOptions { Tls = TlsMode.Disabled };
        options.Reconnect.FirstDelay = options.Reconnect.LongestDelay = TimeSpan.FromMilliseconds(1);
        options.StreamManagement.RequestAfter = TimeSpan.FromMilliseconds(10);
        options.UseTestServer(server, server.AddAccount(user));

        // A session that lives on without its client, since it could not be resumed, gives way to the next one.
        options.Jid = options.Jid!.WithResource("sweep");
        return options;
    }
}
