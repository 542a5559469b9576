using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Moq;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Tests;

public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reply_goes_back_in_kind_and_thread()
    {
        var server = new MemoryTransport();
        using var host = Build(server, (context, token) => context.ReplyAsync("re: " + context.Message.Body, token));
        await host.StartAsync(Token);
        await server.SentAsync(e => e.Name.LocalName == "presence", Token);
        server.Send("<message xmlns='jabber:client' from='juliet@example.org/b' type='chat'><body>hi</body><thread>t</thread></message>");
        var reply = await server.SentAsync(e => e.Name.LocalName == "message", Token);
        Assert.Equal("juliet@example.org/b", reply.Attribute("to"));
        Assert.Equal("chat", reply.Attribute("type"));
        Assert.Equal(["re: hi", "t"], reply.Elements.ToArray().Select(e => e.Text));
        await host.StopAsync(Token);
        await server.SentAsync(e => e.Attribute("type") == "unavailable", Token);
    }

    [Fact]
    public async Task Errors_and_own_echoes_reach_no_handler_and_a_throwing_one_kills_nothing()
    {
        var server = new MemoryTransport();
        using var host = Build(server, (context, token) => context.Message.Body == "boom"
            ? throw new InvalidOperationException("the handler's fault")
            : context.ReplyAsync(context.Message.Body!, token));
        await host.StartAsync(Token);
        await server.SentAsync(e => e.Name.LocalName == "presence", Token);
        server.Send("<message xmlns='jabber:client' from='juliet@example.org/b' type='error'><body>error</body></message>");
        server.Send("<message xmlns='jabber:client' from='bot@example.org/1' type='chat'><body>echo</body></message>");
        server.Send("<message xmlns='jabber:client' from='juliet@example.org/b' type='chat'><body>boom</body></message>");
        server.Send("<message xmlns='jabber:client' from='juliet@example.org/b' type='chat'><body>next</body></message>");
        var reply = await server.SentAsync(e => e.Name.LocalName == "message", Token);
        Assert.Equal("next", reply.Elements.ToArray()[0].Text);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Hanging_conversation_holds_up_no_other()
    {
        var server = new MemoryTransport();
        var gate = new TaskCompletionSource();
        using var host = Build(server, async (context, token) =>
        {
            if (context.Message.From!.Local == "slow")
            {
                await gate.Task.WaitAsync(token);
            }

            await context.ReplyAsync(context.Message.Body!, token);
        });
        await host.StartAsync(Token);
        await server.SentAsync(e => e.Name.LocalName == "presence", Token);
        server.Send("<message xmlns='jabber:client' from='slow@example.org/b' type='chat'><body>1</body></message>");
        server.Send("<message xmlns='jabber:client' from='slow@example.org/b' type='chat'><body>2</body></message>");
        server.Send("<message xmlns='jabber:client' from='quick@example.org/b' type='chat'><body>3</body></message>");
        Assert.Equal("quick@example.org/b", (await server.SentAsync(e => e.Name.LocalName == "message", Token)).Attribute("to"));
        gate.SetResult();
        Assert.Equal("1", (await server.SentAsync(e => e.Name.LocalName == "message", Token)).Elements.ToArray()[0].Text);
        Assert.Equal("2", (await server.SentAsync(e => e.Name.LocalName == "message", Token)).Elements.ToArray()[0].Text);
        await host.StopAsync(Token);
    }

    [Fact]
    public void Two_clients_in_one_host_are_refused()
    {
        var services = new ServiceCollection();
        services.AddXmppClient();
        Assert.Throws<InvalidOperationException>(() => services.AddXmppClient());
    }

    [Fact]
    public async Task Dialer_among_the_services_opens_the_connection()
    {
        var dialled = new TaskCompletionSource<IPEndPoint>();
        var dialer = new Mock<IStreamDialer>();
        dialer.Setup(d => d.DialAsync(It.IsAny<IPEndPoint>(), It.IsAny<CancellationToken>()))
            .Callback((IPEndPoint address, CancellationToken _) => dialled.TrySetResult(address))
            .Throws(new SocketException((int)SocketError.ConnectionRefused));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(dialer.Object);
        builder.Services.AddXmppClient(o =>
        {
            o.Jid = Jid.Parse("example.org");
            o.Host = "127.0.0.1";
        });
        using var host = builder.Build();
        await host.StartAsync(Token);
        var address = await dialled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 5222), address);
        await host.StopAsync(Token);
    }

    private static IHost Build(MemoryTransport server, Func<MessageContext, CancellationToken, ValueTask> handle)
    {
        var handler = new Mock<IMessageHandler>();
        handler.Setup(h => h.HandleMessageAsync(It.IsAny<MessageContext>(), It.IsAny<CancellationToken>())).Returns(handle);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(handler.Object);
        builder.Services.AddXmppClient(o =>
        {
            o.Jid = Jid.Parse("example.org");
            o.Connector = server;
        }).AddMessageHandler<IMessageHandler>();
        return builder.Build();
    }
}
