using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace XmppChatClient.Tests;

public sealed class SessionHandlerTests
{
    [Fact]
    public async Task Handlers_hear_of_start_and_end_in_their_order()
    {
        var calls = new List<string>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bot = TestBot.Create(xmpp =>
        {
            Add<IFirst>(xmpp, (what, _) => calls.Add($"first {what}"));
            Add<ISecond>(xmpp, (what, _) =>
            {
                calls.Add($"second {what}");
                started.TrySetResult();
            });
        });
        await bot.StartAsync();

        // A stop that is quicker keeps the news of the start from them.
        await started.Task.WaitAsync(Hang.Limit, TestBot.Token);
        await bot.DisposeAsync();
        Assert.Equal(["first started bot@example.org/1", "second started bot@example.org/1", "first ended Closed", "second ended Closed"], calls);
    }

    [Fact]
    public async Task Lost_session_is_told_with_its_reason_and_when_the_next_attempt_is()
    {
        var told = new TaskCompletionSource<SessionEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Mock<IFirst>();
        handler.Setup(h => h.HandleEndedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionEnded>(), It.IsAny<CancellationToken>()))
            .Returns((XmppClient _, SessionEnded ended, CancellationToken _) =>
            {
                told.TrySetResult(ended);
                return ValueTask.CompletedTask;
            });
        await using var bot = TestBot.Create(xmpp =>
        {
            xmpp.Services.AddSingleton(handler.Object);
            xmpp.AddSessionHandler<IFirst>();
        });
        await bot.StartAsync();
        bot.Server.Drop();
        var ended = await told.Task.WaitAsync(Hang.Limit, TestBot.Token);
        Assert.Equal(SessionEndReason.ConnectionLost, ended.Reason);
        Assert.NotNull(ended.RetryIn);
    }

    [Fact]
    public async Task Message_handlers_that_hang_do_not_hold_up_the_news()
    {
        var entered = new TaskCompletionSource();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bot = TestBot.Create(
            xmpp =>
            {
                TestBot.Add(xmpp, async (_, token) =>
                {
                    entered.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                });
                Add<IFirst>(xmpp, (what, _) =>
                {
                    if (what.StartsWith("ended", StringComparison.Ordinal))
                    {
                        ended.TrySetResult();
                    }
                });
            },
            new()
            {
                ["Xmpp:Dispatch:Concurrency"] = "1",
                ["Xmpp:Dispatch:Capacity"] = "1",
                ["Xmpp:Dispatch:StopTimeout"] = "00:00:00",
            });
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "hi"));
        await entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
        bot.Server.Drop();
        await ended.Task.WaitAsync(Hang.Limit, TestBot.Token);
    }

    [Fact]
    public async Task Start_that_hangs_is_cancelled_by_the_stop()
    {
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new Mock<IFirst>();
        handler.Setup(h => h.HandleStartedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionStarted>(), It.IsAny<CancellationToken>()))
            .Returns(async (XmppClient _, SessionStarted _, CancellationToken token) =>
            {
                entered.SetResult();
                token.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, token);
            });
        var bot = TestBot.Create(
            xmpp =>
            {
                xmpp.Services.AddSingleton(handler.Object);
                xmpp.AddSessionHandler<IFirst>();
            },
            new() { ["Xmpp:Dispatch:StopTimeout"] = "00:00:00" });
        await bot.StartAsync();
        await entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
        await bot.DisposeAsync();
        await cancelled.Task.WaitAsync(Hang.Limit, TestBot.Token);
    }

    private static void Add<T>(XmppBuilder xmpp, Action<string, XmppClient> told)
        where T : class, ISessionHandler
    {
        var handler = new Mock<T>();
        handler.Setup(h => h.HandleStartedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionStarted>(), It.IsAny<CancellationToken>()))
            .Callback((XmppClient client, SessionStarted started, CancellationToken _) => told($"started {started.Jid}", client));
        handler.Setup(h => h.HandleEndedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionEnded>(), It.IsAny<CancellationToken>()))
            .Callback((XmppClient client, SessionEnded ended, CancellationToken _) => told($"ended {ended.Reason}", client));
        xmpp.Services.AddSingleton(handler.Object);
        xmpp.AddSessionHandler<T>();
    }

    internal interface IFirst : ISessionHandler;

    internal interface ISecond : ISessionHandler;
}
