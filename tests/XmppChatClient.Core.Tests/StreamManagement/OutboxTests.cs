using Microsoft.Extensions.Time.Testing;
using Moq;
using XmppChatClient.Session;
using XmppChatClient.Storage;
using XmppChatClient.StreamManagement;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class OutboxTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _written = [];
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(new XmppClientOptions { TimeProvider = _time });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_is_kept_when_the_connection_is_lost_while_it_waits_to_be_written()
    {
        var written = new TaskCompletionSource();
        _outbox.Attach(Transport(_ => new ValueTask(written.Task)), new ReceivedStanzas(), _ => { });
        var sending = _outbox.SendAsync(new Message { Body = "1" }, mayWait: true, Token);
        written.SetException(new XmppConnectionException("The cable was cut."));
        _outbox.Detach();
        var receipt = await sending;
        Assert.Equal(SendState.Sent, receipt.State);

        _outbox.Resume(Transport(), new ReceivedStanzas(), 0, _ => { });
        _outbox.Acknowledged(1);
        Assert.Equal(SendState.Acknowledged, receipt.State);
        Assert.Equal(["1"], _written);
    }

    [Fact]
    public async Task Session_outlives_a_connection_that_is_lost_right_after_its_resumption()
    {
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        await _outbox.SendAsync(new Message { Body = "1" }, mayWait: true, Token);
        _outbox.Detach();
        await _outbox.SendAsync(new Message { Body = "2" }, mayWait: true, Token);
        _outbox.Resume(Transport(_ => throw new XmppConnectionException("The cable was cut.")), new ReceivedStanzas(), 0, _ => { });
        _outbox.Detach();
        var third = await _outbox.SendAsync(new Message { Body = "3" }, mayWait: true, Token);

        // The server may have got what this end could not be sure to have written.
        _outbox.Resume(Transport(), new ReceivedStanzas(), 2, _ => { });
        Assert.Equal(["1", "3"], _written);
        _outbox.Acknowledged(3);
        Assert.Equal(SendState.Acknowledged, third.State);
    }

    // The answer may have come long ago, behind what waits for room in the inbox.
    [Fact]
    public async Task Server_owes_no_answer_while_nobody_reads_it()
    {
        XmppException? abort = null;
        _outbox.Attach(Transport(), new ReceivedStanzas(), e => abort = e);
        await _outbox.SendAsync(new Message { Body = "x" }, mayWait: false, Token);
        Advance(10);
        Assert.Equal(TimeSpan.FromSeconds(9.5), _outbox.AnswerAwaited);
        _outbox.Free(true);
        Advance(120);
        Assert.Null(abort);
        Assert.Null(_outbox.AnswerAwaited);
        _outbox.Free(false);
        Assert.Equal(TimeSpan.Zero, _outbox.AnswerAwaited);
        Advance(29);
        Assert.Null(abort);
        Advance(2);
        Assert.IsType<XmppTimeoutException>(abort);
    }

    [Fact]
    public async Task What_a_session_leaves_while_others_are_decided_on_waits_for_a_decision_of_its_own()
    {
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        var receipt = await _outbox.SendAsync(new Message { Body = "1" }, mayWait: true, Token);
        _outbox.Detach();
        _outbox.Lose(null, null, LostSession.Followed);
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        await _outbox.SendAsync(new Message { Body = "2" }, mayWait: true, Token);

        _outbox.Settle(new Dictionary<SendReceipt, Settlement>());
        Assert.Equal(SendState.Sent, receipt.State);
        Assert.Equal(["1"], _written);
        _outbox.Settle(new Dictionary<SendReceipt, Settlement> { [receipt] = Settlement.Resend });
        Assert.Equal(["1", "1", "2"], _written);
        Assert.Empty(_outbox.Unsettled);
    }

    [Fact]
    public async Task Messages_that_wait_for_room_wait_for_the_next_session_and_nothing_else_does()
    {
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        for (var i = 0; i < 1024; i++)
        {
            await _outbox.SendAsync(new Presence(), mayWait: true, Token);
        }

        var request = _outbox.SendAsync(new Iq(IqType.Set) { Id = "of that session" }, mayWait: true, Token).AsTask();
        var message = _outbox.SendAsync(new Message { Body = "of any" }, mayWait: true, Token).AsTask();
        _outbox.Detach();
        _outbox.Lose(null, null, LostSession.Followed);
        await Assert.ThrowsAsync<XmppConnectionException>(() => request.WaitAsync(Hang.Limit, Token));
        Assert.False(message.IsCompleted);
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        await message.WaitAsync(Hang.Limit, Token);
    }

    // What settles those is asked for by requests.
    [Fact]
    public async Task Requests_pass_by_messages_that_are_held_back_however_many_they_are()
    {
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        for (var i = 0; i < 1024; i++)
        {
            await _outbox.SendAsync(new Message { Body = $"{i}" }, mayWait: true, Token);
        }

        Assert.False(_outbox.SendAsync(new Iq(IqType.Get) { Id = "before" }, mayWait: true, Token).AsTask().IsCompleted);
        _outbox.Detach();
        _outbox.Lose(null, null, LostSession.Followed);
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        Assert.True(_outbox.SendAsync(new Iq(IqType.Get) { Id = "now" }, mayWait: true, Token).AsTask().IsCompletedSuccessfully);
        var message = _outbox.SendAsync(new Message { Body = "new" }, mayWait: true, Token).AsTask();
        Assert.False(message.IsCompleted);

        _outbox.Settle(_outbox.Unsettled.ToDictionary(m => m.Receipt, _ => Settlement.Arrived));
        await message.WaitAsync(Hang.Limit, Token);
    }

    // What was accepted before has its place in the session.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limit_of_a_connection_holds_for_all_but_what_is_on_its_way_through_the_store(bool isCutAgain)
    {
        const int Limit = 10_000;
        var store = new HeldStore();
        var tooLong = new Message { Body = new string('x', Limit) };
        _outbox.Restore(new Journal(store, _ => { }), new StoredState());
        _outbox.Attach(Transport(), new ReceivedStanzas(), _ => { });
        var sending = _outbox.SendAsync(tooLong, mayWait: true, Token);
        _outbox.Detach();
        long? limit = null;
        _outbox.Resume(LimitedTransport(bytes => limit = bytes, () => limit), new ReceivedStanzas(), 0, _ => { }, Limit);
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(async () => await _outbox.SendAsync(tooLong, mayWait: true, Token).AsTask().Soon());
        if (isCutAgain)
        {
            _outbox.Detach();
        }

        store.Release();
        var receipt = await sending.AsTask().Soon();
        if (isCutAgain)
        {
            limit = null;
            _outbox.Resume(LimitedTransport(bytes => limit = bytes, () => limit), new ReceivedStanzas(), 0, _ => { }, Limit);
        }

        Assert.Equal([tooLong.Body], _written);
        Assert.Equal(Limit, limit);
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(async () => await _outbox.SendAsync(tooLong, mayWait: true, Token).AsTask().Soon());
        _outbox.Acknowledged(1);
        Assert.Equal(SendState.Acknowledged, receipt.State);
    }

    private IXmppTransport LimitedTransport(Action<long?> set, Func<long?> limit)
    {
        var transport = Mock.Get(Transport(
            stanza => limit() is { } most && XmlStreamWriter.ToText(stanza).Length > most ? throw new XmppStanzaTooLargeException(0, most) : Write(stanza)));
        transport.Setup(t => t.LimitElements(It.IsAny<long?>())).Callback(set);
        return transport.Object;
    }

    private IXmppTransport Transport(Func<IXmlWritable, ValueTask>? send = null)
    {
        var transport = new Mock<IXmppTransport>();
        transport.Setup(t => t.SendAsync(It.IsAny<IXmlWritable>(), It.IsAny<CancellationToken>()))
            .Returns<IXmlWritable, CancellationToken>((stanza, _) => send?.Invoke(stanza) ?? Write(stanza));
        return transport.Object;
    }

    private ValueTask Write(IXmlWritable stanza)
    {
        if (stanza is Message { Body: { } body })
        {
            _written.Add(body);
        }

        return ValueTask.CompletedTask;
    }

    private void Advance(double seconds)
    {
        for (var waited = 0.0; waited < seconds; waited += 0.5)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }
    }

    private sealed class HeldStore : IXmppStore
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.SetResult();

        public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken) => new(new StoredState());

        public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken) => new(_released.Task);

        public ValueTask CloseAsync() => ValueTask.CompletedTask;
    }
}
