using XmppChatClient.Storage;

namespace XmppChatClient.Core.Tests.Storage;

public sealed class JournalTests
{
    private readonly SlowStore _store = new();
    private readonly List<string> _said = [];
    private readonly List<XmppStoreException> _failures = [];
    private readonly Journal _journal;

    public JournalTests() => _journal = new Journal(_store, _failures.Add);

    [Fact]
    public async Task What_comes_while_it_writes_is_written_together()
    {
        Add("1");
        var first = await _store.NextAsync();
        Add("2");
        Add("3");
        Assert.Empty(_said);
        first.Done();
        var second = await _store.NextAsync();
        Assert.Equal(["1"], _said);
        Assert.Equal(["1"], first.Names);
        Assert.Equal(["2", "3"], second.Names);
        var flushed = _journal.FlushAsync();
        second.Done();
        await flushed.Soon();
        Assert.Equal(["1", "2", "3"], _said);
    }

    [Fact]
    public async Task Nothing_is_written_while_it_is_held()
    {
        _journal.Hold();
        Add("1");
        var flushed = _journal.FlushAsync();
        Add("2");
        Assert.Equal(0, _store.Begun);
        _journal.Release();
        var both = await _store.NextAsync();
        Assert.Equal(["1", "2"], both.Names);
        both.Done();
        await flushed.Soon();
    }

    [Fact]
    public async Task What_follows_waits_for_what_was_added_before_and_needs_no_write_of_its_own()
    {
        Add("1");
        var first = await _store.NextAsync();
        _journal.Then(_ => _said.Add("then"));
        var flushed = _journal.FlushAsync();
        first.Done();
        await flushed.Soon();
        Assert.Equal(["1", "then"], _said);
        Assert.Equal(1, _store.Begun);
    }

    [Fact]
    public async Task Store_that_fails_is_not_asked_again_and_everybody_is_told()
    {
        var kept = _journal.KeepAsync(new NoteSet("1", ""));
        var first = await _store.NextAsync();
        Add("2");
        first.Fail(new InvalidOperationException("no"));
        var error = await Assert.ThrowsAsync<XmppStoreException>(kept.Soon);
        Assert.Equal("The store failed: no", error.Message);
        Assert.Same(error, await Assert.ThrowsAsync<XmppStoreException>(() => _journal.FlushAsync().Soon()));
        Assert.Equal(["2 failed"], _said);
        Assert.Same(error, Assert.Single(_failures));
        Assert.Same(error, _journal.Error);
        Assert.Equal(1, _store.Begun);
    }

    [Fact]
    public async Task Continuation_that_fails_is_the_end_and_keeps_nobody_waiting()
    {
        _journal.Add(new NoteSet("1", ""), _ => throw new InvalidOperationException("no"));
        Add("2");
        var flushed = _journal.FlushAsync();
        (await _store.NextAsync()).Done();
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => flushed.Soon());
        Assert.EndsWith("no", error.Message, StringComparison.Ordinal);
        Assert.Same(error, Assert.Single(_failures));
        await _journal.CloseAsync().Soon();
    }

    [Fact]
    public async Task Closing_writes_what_there_is_and_takes_no_more()
    {
        Add("1");
        var closing = _journal.CloseAsync();
        var first = await _store.NextAsync();
        Assert.False(_store.IsClosed);
        first.Done();
        await closing.Soon();
        Assert.True(_store.IsClosed);
        Add("2");
        await _journal.KeepAsync(new NoteSet("3", "")).Soon();
        await _journal.FlushAsync().Soon();
        await _journal.CloseAsync().Soon();
        Assert.Equal(["1"], _said);
        Assert.Equal(1, _store.Begun);
    }

    private void Add(string name) =>
        _journal.Add(new NoteSet(name, ""), error => _said.Add(error is null ? name : $"{name} failed"));

    private sealed class SlowStore : IXmppStore
    {
        private readonly System.Threading.Channels.Channel<Write> _writes = System.Threading.Channels.Channel.CreateUnbounded<Write>();

        public int Begun { get; private set; }

        public bool IsClosed { get; private set; }

        public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken) => new(new StoredState());

        public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken)
        {
            Begun++;
            var write = new Write([.. changes.Cast<NoteSet>().Select(c => c.Name)]);
            _writes.Writer.TryWrite(write);
            return new ValueTask(write.Completion.Task);
        }

        public ValueTask CloseAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }

        public async Task<Write> NextAsync() => await _writes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
    }

    private sealed record Write(string[] Names)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Done() => Completion.SetResult();

        public void Fail(Exception e) => Completion.SetException(e);
    }
}
