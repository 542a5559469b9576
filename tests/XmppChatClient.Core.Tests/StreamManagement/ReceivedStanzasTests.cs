using CsCheck;
using XmppChatClient.StreamManagement;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class ReceivedStanzasTests
{
    [Fact]
    public void Only_what_is_dealt_with_one_after_the_other_counts()
    {
        var received = new ReceivedStanzas();
        Receive(received, 4, isHandled: false);
        received.Handle(2);
        received.Handle(3);
        Assert.Equal(0U, received.Handled);
        received.Handle(1);
        Assert.Equal(3U, received.Handled);
        received.Handle(1);
        received.Handle(4);
        Assert.Equal(4U, received.Handled);
    }

    [Fact]
    public void Count_goes_from_its_end_to_zero()
    {
        var received = new ReceivedStanzas(uint.MaxValue - 1);
        Receive(received, 3, isHandled: true);
        Assert.Equal(1U, received.Handled);
    }

    [Fact]
    public void What_was_not_dealt_with_comes_again_and_is_known()
    {
        var received = new ReceivedStanzas();
        Receive(received, 5, isHandled: false);
        received.Handle(1);
        received.Handle(3);
        var told = received.Tell();
        Assert.Equal(1U, told);
        received.Handle(2);
        received.Resume(told);
        Assert.Equal([false, false, false, false, true, true], Enumerable.Range(0, 6).Select(_ => Comes(received)));

        // What it told is less than what it has dealt with, and still the count goes on from there.
        Assert.Equal(3U, received.Handled);
        foreach (var number in new ulong[] { 4, 5, 6, 7 })
        {
            received.Handle(number);
        }

        Assert.Equal(7U, received.Handled);
    }

    [Fact]
    public void Messages_may_be_delivered_again_although_the_server_was_told()
    {
        var received = new ReceivedStanzas();
        Take(received, "a", isHandled: true);
        Take(received, "b", isHandled: true);
        Take(received, "c", isHandled: false);
        Assert.Equal(2UL, received.Untold);
        Assert.Equal(2U, received.Tell());
        Assert.Equal(0UL, received.Untold);
        Assert.Equal(["a", "b", "c"], received.Redeliverable.Select(k => k.Id));
    }

    [Fact]
    public void Messages_stay_known_until_the_server_shows_that_it_was_told_of_them_and_of_256_more()
    {
        var received = new ReceivedStanzas();
        Take(received, "old", isHandled: true);
        TakeOthers(received, 256);
        Take(received, "new", isHandled: false);
        received.Asked();
        received.Tell();
        received.Answered();
        Assert.Equal(["old", "new"], Ids(received));

        received.Asked();
        received.Asked();
        Assert.Equal(["old", "new"], Ids(received));
        received.Answered();
        Assert.Equal(["new"], Ids(received));
    }

    [Fact]
    public void Resumption_shows_what_the_server_was_told()
    {
        var received = new ReceivedStanzas();
        Take(received, "old", isHandled: true);
        TakeOthers(received, 255);
        Take(received, "next", isHandled: true);
        received.Asked();
        var told = received.Tell();
        received.Resume(told);
        Assert.Equal(["next"], Ids(received));

        // What was asked over the connection before is not answered over this one.
        TakeOthers(received, 255);
        received.Tell();
        received.Answered();
        Assert.Equal(["next"], Ids(received));
    }

    [Fact]
    public void Server_is_to_be_asked_when_256_messages_hang_on_what_it_was_told()
    {
        var received = new ReceivedStanzas();
        TakeOthers(received, 256);
        Assert.False(received.IsInDoubt);
        received.Tell();
        Assert.True(received.IsInDoubt);
        received.Asked();
        received.Answered();
        Assert.False(received.IsInDoubt);
    }

    // A server may answer several requests at once, or none, and deliver for ever.
    [Fact]
    public void No_more_than_10000_messages_are_known_that_the_server_was_told_of()
    {
        var received = new ReceivedStanzas();
        for (var i = 0; i < 12_000; i++)
        {
            Take(received, "told", isHandled: true);
            received.Asked();
            received.Tell();
        }

        Take(received, "untold", isHandled: true);
        Assert.InRange(received.Redeliverable.Count, 10_000, 10_001);
        Assert.Equal("untold", received.Redeliverable[^1].Id);
    }

    [Fact]
    public void Whatever_the_order_all_that_is_dealt_with_counts_in_the_end() => Gen.Int[0, 40].SelectMany(
        count => Gen.Shuffle(Enumerable.Range(1, count).ToArray())).Sample(order =>
    {
        var received = new ReceivedStanzas();
        Receive(received, order.Length, isHandled: false);
        var done = new HashSet<int>();
        foreach (var number in order)
        {
            received.Handle((ulong)number);
            done.Add(number);
            Assert.Equal((uint)Enumerable.Range(1, order.Length).TakeWhile(done.Contains).Count(), received.Handled);
        }
    });

    private static void Take(ReceivedStanzas received, string? id, bool isHandled)
    {
        Assert.True(received.TryBegin(out _));
        received.End(id is null ? null : new MessageKey(null, id, null, null), isHandled);
    }

    private static void TakeOthers(ReceivedStanzas received, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Take(received, null, isHandled: true);
        }
    }

    private static IEnumerable<string?> Ids(ReceivedStanzas received) => received.Redeliverable.Select(k => k.Id);

    private static bool Comes(ReceivedStanzas received)
    {
        var isNew = received.TryBegin(out _);
        received.End(null, isHandled: false);
        return isNew;
    }

    private static void Receive(ReceivedStanzas received, int count, bool isHandled)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(received.TryBegin(out var number));
            Assert.Equal((ulong)i + 1, number);
            received.End(null, isHandled);
        }
    }
}
