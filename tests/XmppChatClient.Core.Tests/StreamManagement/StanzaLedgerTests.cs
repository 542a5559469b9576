using CsCheck;
using XmppChatClient.StreamManagement;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class StanzaLedgerTests
{
    [Theory]
    [InlineData(0U)]
    [InlineData(uint.MaxValue - 2)]
    [InlineData(uint.MaxValue)]
    public void What_is_acknowledged_goes_in_order_past_the_end_of_the_count(uint start)
    {
        var ledger = new StanzaLedger(start);
        var receipts = Write(ledger, 5);
        Assert.Equal(unchecked(start + 5), ledger.Sent);
        Assert.True(ledger.TryAcknowledge(unchecked(start + 3)));
        Assert.Equal([true, true, true, false, false], receipts.Select(r => r.State == SendState.Acknowledged));
        Assert.Equal(receipts[3..], ledger.Receipts);
        Assert.Equal(unchecked(start + 5), ledger.Sent);
        Assert.True(ledger.TryAcknowledge(unchecked(start + 5)));
        Assert.Equal(0, ledger.Count);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(uint.MaxValue)]
    public void Same_count_once_more_changes_nothing(uint start)
    {
        var ledger = new StanzaLedger(start);
        Write(ledger, 2);
        Assert.True(ledger.TryAcknowledge(unchecked(start + 1)));
        Assert.True(ledger.TryAcknowledge(unchecked(start + 1)));
        Assert.Equal(1, ledger.Count);
    }

    [Theory]
    [InlineData(0U, 3)]
    [InlineData(0U, -1)]
    [InlineData(0U, int.MinValue)]
    [InlineData(uint.MaxValue, 3)]
    [InlineData(uint.MaxValue, 0)]
    public void Count_that_cannot_be_is_refused_and_takes_nothing(uint start, int handled)
    {
        var ledger = new StanzaLedger(start);
        var receipts = Write(ledger, 2);
        Assert.True(ledger.TryAcknowledge(unchecked(start + 1)));
        Assert.False(ledger.TryAcknowledge(unchecked(start + (uint)handled)));
        Assert.Equal(receipts[1..], ledger.Receipts);
        Assert.Equal(SendState.Sent, receipts[1].State);
    }

    [Fact]
    public void What_waits_for_a_connection_cannot_be_acknowledged()
    {
        var ledger = new StanzaLedger();
        Write(ledger, 1);
        ledger.AddWaiting(new SendReceipt(new Message()));
        Assert.False(ledger.TryAcknowledge(2));
        Assert.Throws<InvalidOperationException>(() => ledger.AddWritten(new SendReceipt(new Message())));
        ledger.AllWritten();
        Assert.True(ledger.TryAcknowledge(2));
    }

    [Fact]
    public void Any_order_of_writing_and_acknowledging_keeps_the_books() => Gen.Select(
        Gen.UInt, Gen.Select(Gen.Int[0, 4], Gen.Int[-2, 6]).Array[0, 60]).Sample((start, steps) =>
    {
        var ledger = new StanzaLedger(start);
        var sent = 0;
        var acknowledged = 0;
        foreach (var (write, ahead) in steps)
        {
            Write(ledger, write);
            sent += write;
            var valid = acknowledged + ahead >= acknowledged && acknowledged + ahead <= sent;
            Assert.Equal(valid, ledger.TryAcknowledge(unchecked(start + (uint)(acknowledged + ahead))));
            acknowledged += valid ? ahead : 0;
            Assert.Equal(sent - acknowledged, ledger.Count);
            Assert.Equal(unchecked(start + (uint)sent), ledger.Sent);
        }
    });

    private static SendReceipt[] Write(StanzaLedger ledger, int count)
    {
        var receipts = Enumerable.Range(0, count).Select(_ => new SendReceipt(new Message())).ToArray();
        Array.ForEach(receipts, ledger.AddWritten);
        return receipts;
    }
}
