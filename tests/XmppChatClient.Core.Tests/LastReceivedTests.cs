using Microsoft.Extensions.Time.Testing;
using Moq;
using XmppChatClient.Modules;
using XmppChatClient.Negotiation;
using XmppChatClient.Session;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests;

public sealed class LastReceivedTests
{
    [Fact]
    public async Task Link_whose_stanzas_wait_for_room_is_not_silent()
    {
        var time = new FakeTimeProvider();
        var options = new XmppClientOptions { Jid = Jid.Parse("a@b/c"), TimeProvider = time };
        var inbox = new Inbox(1, () => false);
        var session = new XmppSession(options, new ModuleSet(), inbox, new Outbox(options), new IqTracker());
        var silence = new TaskCompletionSource<XmppElement?>();
        var message = XmppElement.Parse("<message xmlns='jabber:client' from='x@b'><body>1</body></message>");
        var transport = new Mock<IXmppTransport>();
        transport.SetupSequence(t => t.ReceiveAsync(It.IsAny<CancellationToken>()))
            .Returns(new ValueTask<XmppElement?>(message))
            .Returns(new ValueTask<XmppElement?>(message))
            .Returns(new ValueTask<XmppElement?>(silence.Task));
        var link = new Link(transport.Object, startedAt: 0);
        session.Attach(link, new StreamNegotiation(transport.Object, options, options.Jid) { BoundJid = options.Jid });

        var reading = session.ReadAsync(link);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(time.GetTimestamp(), session.LastReceived);
        Assert.True(session.WaitsForRoom);

        inbox.LiftLimit();
        silence.SetResult(null);
        await reading.Soon();
        Assert.False(session.WaitsForRoom);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), time.GetElapsedTime(session.LastReceived));
    }
}
