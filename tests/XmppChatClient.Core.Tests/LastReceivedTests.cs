using Microsoft.Extensions.Time.Testing;
using Moq;
using XmppChatClient.Modules;
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
        var session = new XmppSession(options, new ModuleSet(), inbox, new IqTracker());
        var silence = new TaskCompletionSource<XmppElement?>();
        var message = XmppElement.Parse("<message xmlns='jabber:client' from='x@b'><body>1</body></message>");
        var transport = new Mock<IXmppTransport>();
        transport.SetupSequence(t => t.ReceiveAsync(It.IsAny<CancellationToken>()))
            .Returns(new ValueTask<XmppElement?>(message))
            .Returns(new ValueTask<XmppElement?>(message))
            .Returns(new ValueTask<XmppElement?>(silence.Task));
        session.Attach(transport.Object, options.Jid, message);

        var reading = session.ReadAsync(new Link(transport.Object, startedAt: 0));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(time.GetTimestamp(), session.LastReceived);

        inbox.LiftLimit();
        silence.SetResult(null);
        await reading.Soon();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), time.GetElapsedTime(session.LastReceived));
    }
}
