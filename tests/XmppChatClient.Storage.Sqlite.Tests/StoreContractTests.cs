namespace XmppChatClient.Storage.Sqlite.Tests;

/// <summary>What holds of every store.</summary>
public sealed class StoreContractTests : IDisposable
{
    private static readonly Jid Account = Jid.Parse("bot@example.org");

    private static readonly StoredSession Session = new("id-1", Jid.Parse("bot@example.org/r"), "example.org:5222", 7);

    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool> Stores => [false, true];

    public void Dispose() => _file.Dispose();

    [Theory, MemberData(nameof(Stores))]
    public async Task New_store_is_empty(bool isFile)
    {
        var state = await ReopenAsync(Make(isFile));
        Assert.Null(state.Session);
        Assert.Empty(state.Messages);
        Assert.Empty(state.Arrivals);
        Assert.Empty(state.Notes);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task All_that_was_written_is_read(bool isFile)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);
        StoredMessage[] messages =
        [
            new(1, "<message xmlns='jabber:client'><body>1 ' \" \u00e9 \U0001F600</body></message>", at, 4_294_967_295, false),
            new(long.MaxValue, "<message/>", at.AddMilliseconds(1), null, true),
        ];
        StoredArrival[] arrivals = [new(1, "<message/>", "a\u0001b\u0001"), new(2, "<message/>", null)];
        var state = await ReopenAsync(
            Make(isFile),
            new SessionSaved(Session), new MessageQueued(messages[0]), new MessageQueued(messages[1]), new MessageTaken(arrivals[0]),
            new MessageTaken(arrivals[1]), new NoteSet("a", "1"), new NoteSet("A", ""));
        Assert.Equal(Session, state.Session);
        Assert.Equal(messages, state.Messages);
        Assert.Equal(arrivals, state.Arrivals);
        Assert.Equal([new("A", ""), new("a", "1")], state.Notes.OrderBy(n => n.Key, StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Changes_are_made_in_order(bool isFile)
    {
        var message = new StoredMessage(1, "<message/>", DateTimeOffset.UnixEpoch, null, false);
        var state = await ReopenAsync(
            Make(isFile),
            new SessionSaved(Session), new StanzasHandled(8), new StanzasHandled(4_294_967_295),
            new MessageQueued(message), new MessagePlaced(1, 3, true),
            new MessageQueued(message with { Number = 2 }), new MessageSettled(2),
            new MessageTaken(new StoredArrival(1, "<message/>", "key")), new MessageHandled(1),
            new NoteSet("a", "1"), new NoteSet("a", "2"), new NoteSet("b", "1"), new NoteSet("b", null));
        Assert.Equal(4_294_967_295, state.Session!.Handled);
        Assert.Equal(message with { Position = 3, MayHaveArrived = true }, Assert.Single(state.Messages));
        Assert.Equal(new StoredArrival(1, null, "key"), Assert.Single(state.Arrivals));
        Assert.Equal("2", Assert.Single(state.Notes).Value);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Session_that_is_forgotten_leaves_what_was_sent_in_it(bool isFile)
    {
        var message = new StoredMessage(1, "<message/>", DateTimeOffset.UnixEpoch, 5, false);
        var state = await ReopenAsync(
            Make(isFile),
            new SessionSaved(Session), new MessageQueued(message),
            new MessageQueued(message with { Number = 2, Position = null }), new SessionForgotten());
        Assert.Null(state.Session);
        Assert.Equal(
            [message with { Position = null, MayHaveArrived = true }, message with { Number = 2, Position = null }],
            state.Messages);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_names_nothing_changes_nothing(bool isFile)
    {
        var state = await ReopenAsync(
            Make(isFile),
            new StanzasHandled(1), new SessionForgotten(), new MessagePlaced(1, 1, true), new MessageSettled(1),
            new MessageHandled(1), new NoteSet("a", null));
        Assert.Null(state.Session);
        Assert.Empty(state.Messages);
        Assert.Empty(state.Arrivals);
        Assert.Empty(state.Notes);
    }

    // Also behind one that is never handled.
    [Theory, MemberData(nameof(Stores))]
    public async Task Of_what_is_handled_the_last_ten_thousand_are_remembered(bool isFile)
    {
        var changes = new List<StoreChange>();
        for (var number = 1; number <= 12_000; number++)
        {
            changes.Add(new MessageTaken(new StoredArrival(number, "<message/>", $"{number}")));
            if (number != 100)
            {
                changes.Add(new MessageHandled(number));
            }
        }

        var state = await ReopenAsync(Make(isFile), [.. changes]);
        var numbers = state.Arrivals.Select(a => a.Number).ToHashSet();
        Assert.Contains(100, numbers);
        Assert.Superset(Enumerable.Range(12_000 - 9_999, 10_000).Select(n => (long)n).ToHashSet(), numbers);
        Assert.InRange(numbers.Count, 10_001, 10_200);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task One_client_at_a_time_holds_it(bool isFile)
    {
        var store = Make(isFile);
        await store.OpenAsync(Account, Token);
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => store.OpenAsync(Account, Token).AsTask());
        Assert.EndsWith("is in use by another client.", error.Message, StringComparison.Ordinal);
        await store.CloseAsync();
        await store.OpenAsync(Account.WithResource("any"), Token);
        await store.CloseAsync();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Store_belongs_to_one_account(bool isFile)
    {
        var store = Make(isFile);
        await ReopenAsync(store);
        var error = await Assert.ThrowsAsync<XmppStoreException>(
            () => store.OpenAsync(Jid.Parse("other@example.org"), Token).AsTask());
        Assert.Contains("belongs to bot@example.org, not to other@example.org", error.Message, StringComparison.Ordinal);
        await ReopenAsync(store);
    }

    private static async Task<StoredState> ReopenAsync(IXmppStore store, params StoreChange[] changes)
    {
        await store.OpenAsync(Account, Token);
        if (changes.Length > 0)
        {
            await store.WriteAsync(changes, Token);
        }

        await store.CloseAsync();
        var state = await store.OpenAsync(Account, Token);
        await store.CloseAsync();
        return state;
    }

    private IXmppStore Make(bool isFile) => isFile ? new SqliteStore(_file.Path) : new MemoryStore();
}
