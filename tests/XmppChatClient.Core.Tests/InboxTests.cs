using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

public sealed class InboxTests
{
    [Fact]
    public async Task What_is_stored_finds_its_place_although_nobody_waits_for_it_any_more()
    {
        var inbox = new Inbox(1, () => false);
        await inbox.AddAsync(new MessageReceived(new Message { Body = "1" }), CancellationToken.None);
        using var cut = new CancellationTokenSource();
        var adding = inbox.AddAsync(new MessageReceived(new Message { Body = "2" }) { Pending = new Stored() }, cut.Token);
        var dropped = inbox.AddAsync(new MessageReceived(new Message { Body = "3" }), cut.Token);
        await cut.CancelAsync();
        await adding.AsTask().Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped.AsTask().Soon());
        Assert.True(inbox.TryRead(out _));
        Assert.True(inbox.TryRead(out var second));
        Assert.Equal("2", ((MessageReceived)second).Message.Body);
        Assert.False(inbox.TryRead(out _));
    }

    private static readonly MessageReceived Event = new(new Message { Body = "x" });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_inbox_holds_up_the_writer_until_one_is_read()
    {
        var inbox = new Inbox(2, () => false);
        await inbox.AddAsync(Event, Token);
        await inbox.AddAsync(Event, Token);
        var third = inbox.AddAsync(Event, Token).AsTask();
        Assert.False(third.IsCompleted);
        await inbox.ReadAsync(Token);
        await third;
        Assert.Equal(2, inbox.Count);
    }

    [Fact]
    public async Task Twice_as_much_fits_while_an_answer_is_awaited()
    {
        var awaits = false;
        var inbox = new Inbox(1, () => awaits);
        await inbox.AddAsync(Event, Token);
        var second = inbox.AddAsync(Event, Token).AsTask();
        Assert.False(second.IsCompleted);
        awaits = true;
        inbox.Reconsider();
        await second;
        Assert.False(inbox.AddAsync(Event, Token).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Session_start_comes_before_what_came_in_it()
    {
        var inbox = new Inbox(4, () => false);
        inbox.HoldForStart();
        await inbox.AddAsync(Event, Token);
        inbox.Add(new SessionStarted(Jid.Parse("a@b/c"), false));
        Assert.IsType<SessionStarted>(await inbox.ReadAsync(Token));
        Assert.Same(Event, await inbox.ReadAsync(Token));
    }

    [Fact]
    public async Task What_came_in_a_session_that_did_not_start_comes_before_its_end()
    {
        var inbox = new Inbox(4, () => false);
        inbox.HoldForStart();
        await inbox.AddAsync(Event, Token);
        inbox.Add(new SessionEnded(SessionEndReason.ConnectionLost, null, null));
        Assert.Same(Event, await inbox.ReadAsync(Token));
        Assert.IsType<SessionEnded>(await inbox.ReadAsync(Token));
    }

    [Fact]
    public async Task Completion_is_read_after_what_was_there()
    {
        var inbox = new Inbox(4, () => false);
        await inbox.AddAsync(Event, Token);
        inbox.Complete(new XmppException("over"));
        Assert.Same(Event, await inbox.ReadAsync(Token));
        await Assert.ThrowsAsync<XmppException>(() => inbox.ReadAsync(Token).AsTask());
    }

    [Fact]
    public async Task Cancelled_reader_loses_nothing()
    {
        var inbox = new Inbox(4, () => false);
        using var cancel = new CancellationTokenSource();
        var read = inbox.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await inbox.AddAsync(Event, Token);
        Assert.Same(Event, await inbox.ReadAsync(Token));
    }

    private sealed class Stored : XmppChatClient.StreamManagement.PendingStanza
    {
        public override bool IsStored => true;

        public override Task HandleAsync() => Task.CompletedTask;
    }
}
