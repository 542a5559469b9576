using XmppChatClient.CatchUp;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Storage.Sqlite.Tests;

/// <summary>A process that is killed, and another one that catches up with what came meanwhile.</summary>
public sealed class CatchUpTests : IDisposable
{
    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Account_and_rooms_go_on_where_the_killed_process_ended(bool isResumed)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var room = server.AddRoom("room");
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.JoinAsync(room, "juliet", cancellationToken: Token);
        await using (var killed = await StartAsync(server, account))
        {
            await EnterAsync(killed, room);
            await juliet.SendAsync(account.Jid, "1", Token);
            await HandleAsync(killed, "1");
            await SayAsync(juliet, room, "a");
            await HandleAsync(killed, "a");
            await killed.KillAsync();
        }

        if (!isResumed)
        {
            server.Faults.LoseSessions(account);
        }

        await juliet.SendAsync(account.Jid, "2", Token);
        await SayAsync(juliet, room, "b");
        await using var next = await StartAsync(server, account);
        if (isResumed)
        {
            // The server has kept what was on its way, from the room too, and that first.
            await HandleAsync(next, "b");
        }

        await HandleAsync(next, "2");
        await EnterAsync(next, room);
        if (!isResumed)
        {
            await HandleAsync(next, "b");
        }

        await juliet.SendAsync(account.Jid, "3", Token);
        await HandleAsync(next, "3");
        await SayAsync(juliet, room, "c");
        await HandleAsync(next, "c");
        Assert.Equal(4, next.Seen.OfType<MessageReceived>().Count(m => m.Message.Body is not null));
    }

    private static async Task HandleAsync(BotProcess bot, string body)
    {
        while (true)
        {
            var received = await bot.EventAsync<MessageReceived>();
            await received.MarkHandledAsync();
            if (received.Message.Body is { } text)
            {
                Assert.Equal(body, text);
                return;
            }
        }
    }

    private static Task SayAsync(TestUser user, Jid room, string body) =>
        user.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = body }, Token);

    private static async Task EnterAsync(BotProcess bot, Jid room) => await bot.Client.SendAsync(
        new Presence { To = room.WithResource("bot"), Payloads = [Xml.XmppElement.Parse("<x xmlns='http://jabber.org/protocol/muc'/>")] },
        Token);

    private Task<BotProcess> StartAsync(XmppTestServer server, TestAccount account) => BotProcess.StartAsync(
        server, account, new SqliteStore(_file.Path), o => o.AddStandardModules().Ensure<CatchUpModule>());
}
