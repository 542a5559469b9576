using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using XmppChatClient;
using XmppChatClient.Testing;

namespace MSTestSample;

[TestClass]
public sealed class EchoTests
{
    [TestMethod]
    public async Task Bot_says_what_it_is_told()
    {
        await using var server = await XmppTestServer.StartAsync();
        var bot = server.AddAccount("bot");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddXmppClient(o => o.UseTestServer(server, bot)).AddMessageHandler<EchoHandler>();
        using var host = builder.Build();
        await host.StartAsync();
        await using var juliet = await server.LoginAsync("juliet");
        await juliet.SendAsync(bot.Jid, "hello");
        var answer = await juliet.ReceiveAsync();
        Assert.AreEqual("hello", answer.Body);
        await host.StopAsync();
    }

    [TestMethod]
    public async Task Wait_that_fails_tells_what_went_over_the_wire()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { WaitTimeout = TimeSpan.FromMilliseconds(10) });
        var bot = server.AddAccount("bot");
        var failure = await Assert.ThrowsExactlyAsync<TestServerException>(() => server.WaitUntilAvailableAsync(bot));
        Assert.Contains("The transcript:", failure.Message);
    }

    private sealed class EchoHandler : IMessageHandler
    {
        public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken) =>
            context.Message.Body is { } body ? context.ReplyAsync(body, cancellationToken) : ValueTask.CompletedTask;
    }
}
