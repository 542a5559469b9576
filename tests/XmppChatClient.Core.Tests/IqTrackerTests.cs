using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

public sealed class IqTrackerTests
{
    private static readonly Jid Self = Jid.Parse("bot@example.org/1");

    private readonly IqTracker _tracker = new();

    // RFC 6120 §8.1.2.1, §8.2.3, §10.3.3
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "bot@example.org", true)]
    [InlineData(null, "bot@example.org/1", true)]
    [InlineData(null, "example.org", true)]
    [InlineData(null, "bot@example.org/2", false)]
    [InlineData(null, "example.com", false)]
    [InlineData(null, "example.org/x", false)]
    [InlineData(null, "juliet@example.org", false)]
    [InlineData("juliet@example.org/b", "juliet@example.org/b", true)]
    [InlineData("juliet@example.org/b", "juliet@example.org", false)]
    [InlineData("juliet@example.org/b", "juliet@example.org/c", false)]
    [InlineData("juliet@example.org/b", "example.org", false)]
    [InlineData("juliet@example.org/b", null, false)]
    [InlineData("juliet@example.org", "juliet@example.org/b", false)]
    [InlineData("bot@example.org", null, true)]
    [InlineData("bot@example.org/1", null, true)]
    [InlineData("bot@example.org/2", null, false)]
    [InlineData("example.org", null, true)]
    [InlineData("example.org", "bot@example.org", false)]
    [InlineData("room.example.org", null, false)]
    public void Answer_counts_only_from_whom_was_asked(string? to, string? from, bool counts)
    {
        var answer = _tracker.Expect("1", Parse(to));
        Assert.Equal(counts, _tracker.TryComplete(Result("1", from), Self));
        Assert.Equal((counts, counts ? 0 : 1), (answer.IsCompletedSuccessfully, _tracker.Count));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("")]
    [InlineData(null)]
    public void Answer_with_another_id_is_nobodys(string? id)
    {
        _tracker.Expect("1", null);
        Assert.False(_tracker.TryComplete(Result(id, null), Self));
    }

    [Fact]
    public void Second_answer_is_nobodys()
    {
        _tracker.Expect("1", null);
        Assert.True(_tracker.TryComplete(Result("1", null), Self));
        Assert.False(_tracker.TryComplete(Result("1", null), Self));
    }

    [Fact]
    public void Two_requests_cannot_wait_under_one_id()
    {
        _tracker.Expect("1", null);
        Assert.Throws<InvalidOperationException>(() => { _ = _tracker.Expect("1", Jid.Parse("juliet@example.org")); });
    }

    [Fact]
    public void Forgetting_leaves_a_later_request_of_that_id_alone()
    {
        var first = _tracker.Expect("1", null);
        _tracker.TryComplete(Result("1", null), Self);
        var second = _tracker.Expect("1", null);
        _tracker.Forget("1", first);
        Assert.Equal(1, _tracker.Count);
        _tracker.Forget("1", second);
        Assert.Equal(0, _tracker.Count);
        Assert.False(_tracker.TryComplete(Result("1", null), Self));
    }

    [Fact]
    public async Task Lost_session_fails_all_with_errors_of_their_own()
    {
        Task<Iq>[] answers = [_tracker.Expect("1", null), _tracker.Expect("2", null)];
        _tracker.FailAll(() => new XmppSessionLostException("lost"));
        Assert.Equal(0, _tracker.Count);
        Assert.NotSame(
            await Assert.ThrowsAsync<XmppSessionLostException>(() => answers[0]),
            await Assert.ThrowsAsync<XmppSessionLostException>(() => answers[1]));
    }

    private static Jid? Parse(string? jid) => jid is null ? null : Jid.Parse(jid);

    private static Iq Result(string? id, string? from) => new(IqType.Result, null) { Id = id, From = Parse(from) };
}
