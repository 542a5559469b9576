using System.Net;

namespace XmppChatClient.Testing.Tests;

public sealed class LoginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, TlsMode.Required)]
    [InlineData(false, TlsMode.Direct)]
    [InlineData(true, TlsMode.Required)]
    [InlineData(true, TlsMode.Direct)]
    public async Task Client_logs_in_and_talks_to_a_user(bool overTcp, TlsMode tls)
    {
        var any = overTcp ? new IPEndPoint(IPAddress.Loopback, 0) : null;
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = any, ListenDirectTls = any }, Token);
        var options = new XmppClientOptions { Tls = tls };
        await using var client = new XmppClient(options.UseTestServer(server, server.AddAccount("bot")));
        await client.ConnectAsync(Token);

        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(client.Jid, "hello", Token);
        await foreach (var message in client.ReadMessagesAsync(Token))
        {
            await client.ReplyAsync(message, $"You said: {message.Body}", Token);
            break;
        }

        var answer = await juliet.ReceiveAsync(Token);
        Assert.Equal(("You said: hello", client.Jid), (answer.Body, answer.From));
    }
}
