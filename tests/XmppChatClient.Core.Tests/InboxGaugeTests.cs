using System.Diagnostics.Metrics;
using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

public sealed class InboxGaugeTests : IDisposable
{
    private static readonly MessageReceived Event = new(new Message { Body = "x" });

    // The instrument is everybody's; what another test adds is not added in this one's flow.
    private readonly AsyncLocal<object?> _mine = new();
    private readonly MeterListener _listener = new();
    private long _length;

    public InboxGaugeTests()
    {
        _mine.Value = this;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "xmpp.client.inbox.length")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => _length += _mine.Value == this ? change : 0);
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_what_waits_to_be_read()
    {
        var inbox = new Inbox(4, () => false);
        inbox.HoldForStart();
        await inbox.AddAsync(Event, Token);
        inbox.Add(new SessionStarted(Jid.Parse("a@b/c"), false));
        await inbox.AddAsync(Event, Token);
        Assert.Equal(3, _length);
        await inbox.ReadAsync(Token);
        await inbox.ReadAsync(Token);
        Assert.Equal(1, _length);
        await inbox.ReadAsync(Token);
        Assert.Equal(0, _length);
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
        Assert.Equal(0, _length);
        Assert.NotNull(await inbox.ReadAsync(Token));
        Assert.NotNull(await inbox.ReadAsync(Token));
        Assert.Null(await inbox.ReadAsync(Token));
        Assert.Equal(0, _length);
    }

    public void Dispose() => _listener.Dispose();
}
