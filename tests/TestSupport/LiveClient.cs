using XmppChatClient.Xml;

namespace XmppChatClient.TestSupport;

/// <summary>A real client on a test server, with a clock of its own and its events at hand.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private readonly bool _sendsPresence;

    private LiveClient(XmppTestServer server, Action<XmppClientOptions>? configure, Action<XmppClientOptions>? adapt)
    {
        Account = server.AddAccount("bot");
        var options = new XmppClientOptions { TimeProvider = Clock };
        configure?.Invoke(options);
        options.UseTestServer(server, Account);
        adapt?.Invoke(options);
        _sendsPresence = options.Presence is not null;
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

    /// <summary>Online, and the server has taken its presence, if it sends any: the answer to that is not the first thing that a
    /// fault finds.</summary>
    public static async Task<LiveClient> ConnectAsync(
        XmppTestServer server, Action<XmppClientOptions>? configure = null, Action<XmppClientOptions>? adapt = null)
    {
        var live = Create(server, configure, adapt);
        await live.Client.ConnectAsync(Token).WaitAsync(Hang.Limit);
        await live.EventAsync<SessionStarted>();
        if (live._sendsPresence)
        {
            await server.WaitUntilAvailableAsync(live.Account, Token);
        }

        return live;
    }

    /// <summary>Waits until it has got, to the last byte, what the server had sent to it before.</summary>
    public Task SettleAsync() => SettleAsync(Client);

    /// <summary>Of any client of a test server: the server then has taken all that it had sent, too.</summary>
    public static Task SettleAsync(XmppClient client) => client
        .RequestAsync(
            new Iq(IqType.Get, XmppElement.Parse("<ping xmlns='urn:xmpp:ping'/>")) { To = Jid.Parse(client.Jid.Domain) },
            cancellationToken: Token)
        .WaitAsync(Hang.Limit);

    /// <summary>Sees connecting fail.</summary>
    public async Task<T> FailAsync<T>()
        where T : XmppException
    {
        var error = await Assert.ThrowsAsync<T>(() => Client.ConnectAsync(Token).WaitAsync(Hang.Limit));
        Assert.DoesNotContain(Account.Password, error.ToString(), StringComparison.Ordinal);
        return error;
    }

    /// <summary>The next event of that type.</summary>
    public async Task<T> EventAsync<T>()
        where T : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        var before = Seen.Count;
        try
        {
            await foreach (var next in Client.ReadEventsAsync(limit.Token))
            {
                Seen.Add(next);
                if (next is T wanted)
                {
                    return wanted;
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(T).Name} came; what came:\n{string.Join('\n', Seen.Skip(before))}");
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

    public ValueTask DisposeAsync() => new(Client.DisposeAsync().AsTask().WaitAsync(Hang.Limit));
}
