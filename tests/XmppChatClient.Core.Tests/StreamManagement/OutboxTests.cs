using Microsoft.Extensions.Time.Testing;
using Moq;
using XmppChatClient.Session;
using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class OutboxTests
{
    private readonly FakeTimeProvider _time = new();

    // The answer may have come long ago, behind what waits for room in the inbox.
    [Fact]
    public async Task Server_owes_no_answer_while_nobody_reads_it()
    {
        XmppException? abort = null;
        var outbox = new Outbox(new XmppClientOptions { TimeProvider = _time });
        outbox.Attach(Mock.Of<IXmppTransport>(), isManaged: true, e => abort = e);
        await outbox.SendAsync(new Message { Body = "x" }, mayWait: false, TestContext.Current.CancellationToken);
        Advance(10);
        Assert.Equal(TimeSpan.FromSeconds(9.5), outbox.AnswerAwaited);
        outbox.Free(true);
        Advance(120);
        Assert.Null(abort);
        Assert.Null(outbox.AnswerAwaited);
        outbox.Free(false);
        Assert.Equal(TimeSpan.Zero, outbox.AnswerAwaited);
        Advance(29);
        Assert.Null(abort);
        Advance(2);
        Assert.IsType<XmppTimeoutException>(abort);
    }

    private void Advance(double seconds)
    {
        for (var waited = 0.0; waited < seconds; waited += 0.5)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }
    }
}
