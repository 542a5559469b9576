using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;
using XmppChatClient.Testing;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Tests;

/// <summary>What becomes of the last messages of a bot whose host stops.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly Channel<SessionEnded> _ends = Channel.CreateUnbounded<SessionEnded>();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IStreamDialer? _dialer;
    private Func<IPEndPoint, CancellationToken, ValueTask<Stream>>? _dial;
    private int _dialed;
    private XmppTestServer? _server;
    private TestAccount? _account;
    private TestUser? _juliet;
    private TestBot? _bot;
    private SendReceipt? _last;

    private XmppTestServer Server => _server!;

    private TestBot Bot => _bot!;

    private TestUser Juliet => _juliet!;

    public async ValueTask InitializeAsync()
    {
        _server = await XmppTestServer.StartAsync(TestBot.Token);
        _account = Server.AddAccount("bot");
        _juliet = await Server.LoginAsync("juliet", TestBot.Token);
        _bot = TestBot.Create(xmpp =>
        {
            xmpp.Services.AddSingleton<TimeProvider>(_clock);
            xmpp.Registration.Changes.Add(o =>
            {
                o.Connector = null;
                o.UseTestServer(Server, _account);
                _dialer = o.Dialer;
                var dialer = new Mock<IStreamDialer>();
                dialer.Setup(d => d.DialAsync(It.IsAny<IPEndPoint>(), It.IsAny<CancellationToken>()))
                    .Returns((IPEndPoint address, CancellationToken token) =>
                    {
                        _dialed++;
                        return (_dial ?? _dialer!.DialAsync)(address, token);
                    });
                o.Dialer = dialer.Object;
            });
            var handler = new Mock<ISessionHandler>();
            handler.Setup(h => h.HandleEndedAsync(It.IsAny<XmppClient>(), It.IsAny<SessionEnded>(), It.IsAny<CancellationToken>()))
                .Callback((XmppClient _, SessionEnded ended, CancellationToken _) => _ends.Writer.TryWrite(ended));
            xmpp.Services.AddSingleton(handler.Object);
            xmpp.AddSessionHandler<ISessionHandler>();
            TestBot.Add(xmpp, async (context, token) =>
            {
                _entered.TrySetResult();
                await _stopping.Task.WaitAsync(token);
                _last = await context.TrackedReplyAsync("last", token);
            });
        },
        new() { ["Xmpp:Timeouts:Close"] = "00:00:03" });
        Bot.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => _stopping.TrySetResult());
        await Bot.BeginAsync();
        await Server.WaitUntilAvailableAsync(_account, TestBot.Token);
        await Juliet.SendAsync(_account.Jid, "hi", TestBot.Token);
        await _entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
    }

    [Fact]
    public async Task What_a_handler_sends_in_the_last_moment_is_acknowledged()
    {
        await Bot.StopAsync();
        Assert.Equal(SendState.Acknowledged, _last?.State);
        Assert.Equal("last", (await Juliet.ReceiveAsync(TestBot.Token)).Body);
        Assert.Equal(1, _dialed);
    }

    [Fact]
    public async Task It_is_acknowledged_although_the_connection_was_lost_before()
    {
        await LoseAsync();
        await Bot.StopAsync();
        Assert.Equal(SendState.Acknowledged, _last?.State);
        Assert.Equal("last", (await Juliet.ReceiveAsync(TestBot.Token)).Body);
        Assert.Equal(2, _dialed);
        Assert.Equal(SessionEndReason.Closed, (await _ends.Reader.ReadAsync(TestBot.Token)).Reason);
    }

    [Fact]
    public async Task It_is_lost_when_the_session_is()
    {
        Server.Faults.RefuseResume();
        await LoseAsync();
        await Bot.StopAsync();
        Assert.Equal(SendState.Lost, _last?.State);
        Assert.IsType<XmppSessionLostException>(_last?.Error);
        Assert.Equal(2, _dialed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_lost_when_nobody_is_there(bool hangs)
    {
        await LoseAsync();
        _dial = async (_, token) =>
        {
            if (hangs)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            throw new SocketException((int)SocketError.ConnectionRefused);
        };
        var stopping = Bot.StopAsync();
        if (hangs)
        {
            await _clock.TimerSetAsync(TimeSpan.FromSeconds(3));
            _clock.Advance(TimeSpan.FromSeconds(3));
        }

        await stopping;
        Assert.Equal(SendState.Lost, _last?.State);
    }

    [Fact]
    public async Task What_came_meanwhile_is_left_for_the_next_process()
    {
        await LoseAsync();
        await Juliet.SendAsync(_account!.Jid, "for the next one", TestBot.Token);
        await Bot.StopAsync();
        Assert.Equal(SendState.Acknowledged, _last?.State);
        await using var next = new XmppClient(new XmppClientOptions().UseTestServer(Server, _account));
        await next.ConnectAsync(TestBot.Token);
        Assert.Equal("for the next one", (await next.ReadMessagesAsync(TestBot.Token).FirstAsync(TestBot.Token)).Body);
    }

    public async ValueTask DisposeAsync()
    {
        await Bot.DisposeAsync();
        await Juliet.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task LoseAsync()
    {
        Server.Faults.DropConnections(_account);
        Assert.True((await _ends.Reader.ReadAsync(TestBot.Token)).MayResume);
    }
}
