using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Interop.Tests;

/// <summary>Sessions that cannot be resumed: what was written and never acknowledged is looked for in the archive.</summary>
public sealed class LostSessionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachServer]
    public async Task Nothing_is_lost_or_doubled(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        SwallowingDialer network = null!;
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token, o =>
        {
            network = new SwallowingDialer(
                new FencedDialer(SocketDialer.Instance, token => server.WaitUntilGoneAsync(o.Jid!.Local!, token)));
            o.Dialer = network;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
            o.StreamManagement.Resume = false;
            o.StreamManagement.RequestAfter = TimeSpan.FromHours(1);
            o.Ensure<CatchUpModule>();
        });
        await using var juliet = await Accounts.LoginNewAsync(server, "juliet", Token);
        await using var nurse = await Accounts.LoginNewAsync(server, "nurse", Token);
        for (var round = 0; round < 3; round++)
        {
            var arrived = await romeo.SendAsync(juliet.Jid, $"arrived {round}", Token);
            Assert.Equal($"arrived {round}", await ReceiveAsync(juliet));
            var arrivedAtAnother = await romeo.SendAsync(nurse.Jid, $"nurse {round}", Token);
            Assert.Equal($"nurse {round}", await ReceiveAsync(nurse));
            network.Swallow();
            var lost = await romeo.SendAsync(juliet.Jid, $"lost {round}", Token);
            Assert.Equal([SendState.Sent, SendState.Sent, SendState.Sent], [arrived.State, arrivedAtAnother.State, lost.State]);

            await romeo.AbortAsync(new XmppConnectionException("The cable was cut."));
            Assert.False((await romeo.NextAsync<SessionEnded>(_ => true, Token)).MayResume);
            Assert.False((await romeo.NextAsync<SessionStarted>(_ => true, Token)).Resumed);
            Assert.Equal($"lost {round}", await ReceiveAsync(juliet));
            Assert.Equal([SendState.Acknowledged, SendState.Acknowledged], [await SettledAsync(arrived), await SettledAsync(arrivedAtAnother)]);
        }

        // What comes next is not one of the earlier ones.
        await romeo.SendAsync(juliet.Jid, "last", Token);
        Assert.Equal("last", await ReceiveAsync(juliet));
        await romeo.SendAsync(nurse.Jid, "last", Token);
        Assert.Equal("last", await ReceiveAsync(nurse));
    }

    private static async Task<string?> ReceiveAsync(XmppClient client) =>
        (await client.NextAsync<MessageReceived>(_ => true, Token)).Message.Body;

    private static Task<SendState> SettledAsync(SendReceipt receipt) =>
        receipt.SettledAsync(Token).WaitAsync(Hang.Limit, Token);
}
