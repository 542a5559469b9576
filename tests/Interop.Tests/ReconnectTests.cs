using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public abstract class ReconnectTests(Network network)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Stands before the class of that name, whose clients know sockets only.
    private NetworkAccounts Accounts { get; } = new(network);

    [Theory]
    [InlineData(ServerKind.Prosody, false)]
    [InlineData(ServerKind.Prosody, true)]
    [InlineData(ServerKind.Ejabberd, false)]
    [InlineData(ServerKind.Ejabberd, true)]
    public async Task Client_comes_back_when_the_server_does(ServerKind kind, bool crash)
    {
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings(), Token);
        var options = Accounts.Options(server, "alice");
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(200);
        options.Reconnect.LongestDelay = TimeSpan.FromSeconds(1);

        // Over BOSH the end is noticed when requests get no answers; Prosody does not end before it has answered those that it holds.
        (options.Bosh.Wait, options.Timeouts.Connect) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);

        await (crash ? server.CrashAsync() : server.StopAsync());
        var ended = await client.NextAsync<SessionEnded>(_ => true, Token);
        Assert.NotNull(ended.RetryIn);
        Assert.NotEqual(SessionEndReason.Closed, ended.Reason);

        await server.StartAsync(Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);
        await client.SendAsync(client.Jid.Bare, "still here", Token);
        await client.NextAsync<MessageReceived>(m => m.Message.Body == "still here", Token);
    }
}
