using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Moq;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Tests;

/// <summary>A host with a bot, <c>bot@example.org/1</c>, and the server it is on.</summary>
internal sealed class TestBot : IAsyncDisposable
{
    private readonly IHost _host;

    private TestBot(IHost host, MemoryServer server)
    {
        _host = host;
        Server = server;
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public MemoryServer Server { get; }

    public IServiceProvider Services => _host.Services;

    public XmppClient Client => Services.GetRequiredService<XmppClient>();

    public IReadOnlyList<FakeLogRecord> Logs => Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>A bot with no handler but what <paramref name="configure"/> adds.</summary>
    public static TestBot Create(
        Action<XmppBuilder> configure, Dictionary<string, string?>? settings = null, MemoryServer? server = null)
    {
        server ??= new MemoryServer();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Xmpp:Jid"] = "example.org" });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug);

        // The host must not hide a stop that takes for ever.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        configure(builder.Services.AddXmppClient(o => o.Connector = server));
        return new TestBot(builder.Build(), server);
    }

    /// <summary>A bot that does that with each message, online.</summary>
    public static async Task<TestBot> StartAsync(
        Func<MessageContext, CancellationToken, ValueTask> handle, Dictionary<string, string?>? settings = null)
    {
        var bot = Create(xmpp => Add(xmpp, handle), settings);
        await bot.StartAsync();
        return bot;
    }

    public static void Add(XmppBuilder xmpp, Func<MessageContext, CancellationToken, ValueTask> handle)
    {
        var handler = new Mock<IMessageHandler>();
        handler.Setup(h => h.HandleMessageAsync(It.IsAny<MessageContext>(), It.IsAny<CancellationToken>())).Returns(handle);
        xmpp.Services.AddSingleton(handler.Object);
        xmpp.AddMessageHandler<IMessageHandler>();
    }

    /// <summary>A message of that text from <c>sender@example.org/b</c>.</summary>
    public static string Chat(string sender, string body) =>
        $"<message from='{sender}@example.org/b' type='chat'><body>{body}</body></message>";

    /// <summary>Starts the host.</summary>
    public Task BeginAsync() => _host.StartAsync(Token);

    /// <summary>Starts the bot and sees its first presence.</summary>
    public async Task StartAsync()
    {
        await BeginAsync();
        await Server.SentAsync("presence");
    }

    /// <summary>Starts the host, and waits until it has stopped by itself.</summary>
    public async Task RunUntilItStopsAsync()
    {
        await _host.StartAsync(Token);
        await _host.WaitForShutdownAsync(Token).WaitAsync(Hang.Limit);
    }

    public Task StopAsync() => _host.StopAsync(Token).WaitAsync(Hang.Limit);

    /// <summary>The text of the next message that the bot sends.</summary>
    public async Task<string> ReplyAsync() => (await Server.SentAsync("message")).Elements.ToArray()[0].Text;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
