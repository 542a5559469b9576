namespace XmppChatClient.TestSupport;

/// <summary>A real client on a test server, with a clock of its own and its events at hand.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private LiveClient(XmppTestServer server, Action<XmppClientOptions>? configure, Action<XmppClientOptions>? adapt)
    {
        Account = server.AddAccount("bot");
        var options = new XmppClientOptions { TimeProvider = Clock };
        configure?.Invoke(options);
        options.UseTestServer(server, Account);
        adapt?.Invoke(options);
        Client = new XmppClient(options);
    }

    public TestAccount Account { get; }

    public ManualClock Clock { get; } = new();

    public XmppClient Client { get; }

    /// <summary>All events that were read.</summary>
    public List<XmppEvent> Seen { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Made, and not connected yet.</summary>
    /// <param name="adapt">What is said after the options know the server.</param>
    public static LiveClient Create(
        XmppTestServer server, Action<XmppClientOptions>? configure = null, Action<XmppClientOptions>? adapt = null) =>
        new(server, configure, adapt);

    public static async Task<LiveClient> ConnectAsync(
        XmppTestServer server, Action<XmppClientOptions>? configure = null, Action<XmppClientOptions>? adapt = null)
    {
        var live = Create(server, configure, adapt);
        await live.Client.ConnectAsync(Token).WaitAsync(Patience);
        await live.EventAsync<SessionStarted>();
        return live;
    }

    /// <summary>Sees connecting fail.</summary>
    public async Task<T> FailAsync<T>()
        where T : XmppException
    {
        var error = await Assert.ThrowsAsync<T>(() => Client.ConnectAsync(Token).WaitAsync(Patience));
        Assert.DoesNotContain(Account.Password, error.ToString(), StringComparison.Ordinal);
        return error;
    }

    /// <summary>The next event of that type.</summary>
    public async Task<T> EventAsync<T>()
        where T : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        await foreach (var next in Client.ReadEventsAsync(limit.Token))
        {
            Seen.Add(next);
            if (next is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The client ended without {typeof(T).Name}.");
    }

    /// <summary>Sees the session end, and the next one start.</summary>
    /// <returns>The end.</returns>
    public async Task<SessionEnded> ComeBackAsync()
    {
        var ended = await EventAsync<SessionEnded>();
        Assert.NotNull(ended.RetryIn);
        Clock.Advance(ended.RetryIn.Value);
        await EventAsync<SessionStarted>();
        return ended;
    }

    public ValueTask DisposeAsync() => new(Client.DisposeAsync().AsTask().WaitAsync(Patience));
}
