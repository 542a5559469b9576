using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

public sealed class InboxGaugeTests : IDisposable
{
    private static readonly MessageReceived Event = new(new Message { Body = "x" });

    private readonly Measurements _measured = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Length => _measured["xmpp.client.inbox.length"];

    [Fact]
    public async Task Counts_what_waits_to_be_read()
    {
        var inbox = new Inbox(4, () => false);
        inbox.HoldForStart();
        await inbox.AddAsync(Event, Token);
        inbox.Add(new SessionStarted(Jid.Parse("a@b/c"), false));
        await inbox.AddAsync(Event, Token);
        Assert.Equal(3, Length);
        await inbox.ReadAsync(Token);
        await inbox.ReadAsync(Token);
        Assert.Equal(1, Length);
        await inbox.ReadAsync(Token);
        Assert.Equal(0, Length);
    }

    [Fact]
    public async Task What_is_left_at_the_end_is_counted_no_more()
    {
        var inbox = new Inbox(4, () => false);
        await inbox.AddAsync(Event, Token);
        inbox.HoldForStart();
        await inbox.AddAsync(Event, Token);
        inbox.Complete(null);
        await inbox.AddAsync(Event, Token);
        Assert.Equal(0, Length);
        Assert.NotNull(await inbox.ReadAsync(Token));
        Assert.NotNull(await inbox.ReadAsync(Token));
        Assert.Null(await inbox.ReadAsync(Token));
        Assert.Equal(0, Length);
    }

    public void Dispose() => _measured.Dispose();
}
