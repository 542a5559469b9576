using XmppChatClient.Storage;

namespace XmppChatClient.TestSupport;

/// <summary>A client that can be killed: it does nothing more then, to its store least of all, and its connection is lost. Another
/// one of the same account and store may be started behind it.</summary>
internal sealed class BotProcess : IAsyncDisposable
{
    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly XmppTestServer _server;
    private readonly TestAccount _account;
    private readonly MortalStore _store;

    private BotProcess(XmppTestServer server, TestAccount account, IXmppStore store, Action<XmppClientOptions>? configure)
    {
        (_server, _account, _store) = (server, account, new MortalStore(store));
        var options = new XmppClientOptions { TimeProvider = Clock, Store = _store };
        options.UseTestServer(server, account);
        configure?.Invoke(options);
        Client = new XmppClient(options);
    }

    public XmppClient Client { get; }

    public ManualClock Clock { get; } = new();

    /// <summary>All events that were read.</summary>
    public List<XmppEvent> Seen { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<BotProcess> StartAsync(
        XmppTestServer server, TestAccount account, IXmppStore store, Action<XmppClientOptions>? configure = null)
    {
        var process = Create(server, account, store, configure);
        await process.Client.ConnectAsync(Token).WaitAsync(Patience);
        await process.EventAsync<SessionStarted>();
        return process;
    }

    /// <summary>One that is not connected yet.</summary>
    public static BotProcess Create(
        XmppTestServer server, TestAccount account, IXmppStore store, Action<XmppClientOptions>? configure = null) =>
        new(server, account, store, configure);

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

    /// <summary>Nothing that is being written to the store gets there any more.</summary>
    public async Task LoseStoreAsync() => await _store.DieAsync();

    public async Task KillAsync()
    {
        await LoseStoreAsync();
        _server.Faults.DropConnections(_account);
    }

    public ValueTask DisposeAsync() => _store.IsDead ? ValueTask.CompletedTask : new(Client.DisposeAsync().AsTask().WaitAsync(Patience));

    private sealed class MortalStore(IXmppStore store) : IXmppStore
    {
        private readonly TaskCompletionSource _never = new();

        // A process that is killed may have written or not, but a store is not closed while it writes.
        private readonly Lock _gate = new();
        private Task _writing = Task.CompletedTask;

        public bool IsDead { get; private set; }

        public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken) =>
            store.OpenAsync(account, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                return new ValueTask(IsDead ? _never.Task : _writing = store.WriteAsync(changes, cancellationToken).AsTask());
            }
        }

        public ValueTask CloseAsync() => IsDead ? ValueTask.CompletedTask : store.CloseAsync();

        public async Task DieAsync()
        {
            lock (_gate)
            {
                if (IsDead)
                {
                    return;
                }

                IsDead = true;
            }

            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await store.CloseAsync();
        }
    }
}
