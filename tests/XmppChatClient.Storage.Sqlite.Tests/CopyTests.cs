using XmppChatClient.Carbons;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Storage.Sqlite.Tests;

public sealed class CopyTests : IDisposable
{
    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Copy_that_was_not_handled_when_the_process_was_killed_is_handed_out_again_as_a_copy()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var desk = await server.LoginAsync("bot/desk", Token);
        await using (var killed = await StartAsync(server, account))
        {
            await desk.SendAsync(juliet.Jid, "handled", Token);
            await (await killed.EventAsync<CopyReceived>()).MarkHandledAsync();
            await desk.SendAsync(juliet.Jid, "not handled", Token);
            Assert.Equal("not handled", (await killed.EventAsync<CopyReceived>()).Message.Body);
            await killed.KillAsync();
        }

        await using var next = await StartAsync(server, account);
        var copy = next.Seen.OfType<CopyReceived>().SingleOrDefault() ?? await next.EventAsync<CopyReceived>();
        Assert.Equal(("not handled", true, juliet.Jid), (copy.Message.Body, copy.IsSent, copy.Peer));
        await copy.MarkHandledAsync();
        await using var later = await server.LoginAsync("bot/desk", Token);
        await later.SendAsync(juliet.Jid, "new", Token);
        Assert.Equal("new", (await next.EventAsync<CopyReceived>()).Message.Body);
        Assert.DoesNotContain(next.Seen, e => e is MessageReceived);
    }

    private Task<BotProcess> StartAsync(XmppTestServer server, TestAccount account) => BotProcess.StartAsync(
        server, account, new SqliteStore(_file.Path), o => o.Ensure<CarbonsModule>());
}
