using XmppChatClient.TestSupport;

namespace XmppChatClient.Extensions.Tests;

/// <summary>A client with the standard modules in a session with a <see cref="MemoryServer"/>.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private LiveClient(XmppClient client, MemoryServer server, ManualClock clock)
    {
        Client = client;
        Server = server;
        Clock = clock;
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public XmppClient Client { get; }

    public MemoryServer Server { get; }

    public ManualClock Clock { get; }

    /// <summary>Made, and not connected yet.</summary>
    public static LiveClient Create(Action<XmppClientOptions>? configure = null)
    {
        var server = new MemoryServer();
        var clock = new ManualClock();
        var id = 0;
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Connector = server,
            TimeProvider = clock,
            NewId = () => $"id-{Interlocked.Increment(ref id)}",
        }.AddStandardModules();
        configure?.Invoke(options);
        return new LiveClient(new XmppClient(options), server, clock);
    }

    /// <summary>Connected, and its first presence seen.</summary>
    public static async Task<LiveClient> ConnectAsync(Action<XmppClientOptions>? configure = null)
    {
        var live = Create(configure);
        await live.Client.ConnectAsync(Token);
        await live.Server.SentAsync("presence");
        return live;
    }

    /// <summary>The next event of that type.</summary>
    public Task<T> EventAsync<T>()
        where T : XmppEvent => NextAsync<T>().WaitAsync(Hang.Limit);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private async Task<T> NextAsync<T>()
    {
        await foreach (var next in Client.ReadEventsAsync(Token))
        {
            if (next is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The client ended without {typeof(T).Name}.");
    }
}
