using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.StreamManagement;

public sealed class AckLedgerTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    [InlineData(int.MaxValue - 1u)]
    [InlineData(uint.MaxValue - 1u)]
    [InlineData(uint.MaxValue)]
    public void Counts_go_round_after_the_greatest_number(uint start)
    {
        var ledger = new AckLedger(capacity: 10, start);
        for (var i = 0; i < 4; i++)
        {
            ledger.Receive();
            Assert.True(ledger.TrySend(Stanza(i), DateTimeOffset.UnixEpoch));
        }

        Assert.Equal((unchecked(start + 4), unchecked(start + 4)), (ledger.Handled, ledger.Sent));
        Assert.Equal(Acknowledgement.TooHigh, ledger.Acknowledge(unchecked(start + 5)));
        Assert.Equal(Acknowledgement.TooLow, ledger.Acknowledge(unchecked(start - 1)));
        Assert.Equal(4, ledger.Unacknowledged.Count);
        Assert.Equal(Acknowledgement.Taken, ledger.Acknowledge(unchecked(start + 3)));
        Assert.Equal(Acknowledgement.Taken, ledger.Acknowledge(unchecked(start + 3)));
        Assert.Equal("3", Assert.Single(ledger.Unacknowledged).Element.Attribute("id"));
        Assert.Equal(Acknowledgement.TooLow, ledger.Acknowledge(unchecked(start + 2)));
        Assert.Equal(Acknowledgement.Taken, ledger.Acknowledge(unchecked(start + 4)));
        Assert.Empty(ledger.Unacknowledged);
    }

    [Fact]
    public void Full_ledger_takes_no_more_and_counts_no_more()
    {
        var ledger = new AckLedger(capacity: 2);
        Assert.True(ledger.TrySend(Stanza(0), DateTimeOffset.UnixEpoch));
        Assert.True(ledger.TrySend(Stanza(1), DateTimeOffset.UnixEpoch));
        Assert.False(ledger.TrySend(Stanza(2), DateTimeOffset.UnixEpoch));
        Assert.Equal((2u, 2), (ledger.Sent, ledger.Unacknowledged.Count));
        ledger.Acknowledge(1);
        Assert.True(ledger.TrySend(Stanza(2), DateTimeOffset.UnixEpoch));
    }

    private static XmppElement Stanza(int id) => XmppElement.Parse($"<message xmlns='jabber:client' id='{id}'/>");
}
