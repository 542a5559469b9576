using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace XmppChatClient.Testing.Tests;

public sealed class HostingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosted_bot_answers_without_any_configuration()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var bot = server.AddAccount("bot");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddXmppClient(o => o.UseTestServer(server, bot)).AddMessageHandler<EchoHandler>();
        using var host = builder.Build();
        await host.StartAsync(Token);

        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(bot.Jid, "hello", Token);
        Assert.Equal("hello", (await juliet.ReceiveAsync(Token)).Body);
        await host.StopAsync(Token);
    }

    private sealed class EchoHandler : IMessageHandler
    {
        public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
        {
            if (context.Message.Body is { } body)
            {
                await context.ReplyAsync(body, cancellationToken);
            }
        }
    }
}
