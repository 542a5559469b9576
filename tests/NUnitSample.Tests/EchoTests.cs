using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using XmppChatClient;
using XmppChatClient.Testing;

namespace NUnitSample;

public sealed class EchoTests
{
    [Test]
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
        Assert.That(answer.Body, Is.EqualTo("hello"));
        await host.StopAsync();
    }

    [Test]
    public async Task Wait_that_fails_tells_what_went_over_the_wire()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { WaitTimeout = TimeSpan.FromMilliseconds(10) });
        var bot = server.AddAccount("bot");
        var failure = await Assert.ThrowsAsync<TestServerException>(() => server.WaitUntilAvailableAsync(bot));
        Assert.That(failure!.Message, Does.Contain("The transcript:"));
    }

    private sealed class EchoHandler : IMessageHandler
    {
        public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken) =>
            context.Message.Body is { } body ? context.ReplyAsync(body, cancellationToken) : ValueTask.CompletedTask;
    }
}
