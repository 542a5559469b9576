using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Core.Tests;

public sealed partial class RequestTests
{
    private const string Asked = "C: <query xmlns='urn:test'/></iq>\n";
    private const string Answer = "S: <iq type='result' id='{id}'><query xmlns='urn:test'/></iq>\n";
    private const string Message = "S: <message><body>after</body></message>\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Iq Question => new(IqType.Get, new FakePayload());

    [Fact]
    public async Task Two_hundred_at_once_get_the_answers_that_are_theirs()
    {
        const int Count = 200;
        var server = new ScriptedServer(TranscriptTests.Login)
        {
            Then = async s =>
            {
                while (Ids().Count(s.Received) < Count)
                {
                    await s.ReadMoreAsync();
                }

                foreach (var id in Ids().Matches(s.Received).Select(m => m.Groups[1].Value).Reverse())
                {
                    await s.SendAsync($"<iq type='result' id='{id}'><about xmlns='urn:test'>{id}</about></iq>");
                }
            },
        };
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(
            async () =>
            {
                var answer = await client.RequestAsync(Question with { Id = $"q{i}" }, cancellationToken: Token);
                Assert.Equal($"q{i}", Assert.IsType<Xml.XmppElement>(answer.Payload).Text);
            },
            Token))).Soon();
    }

    [Theory]
    [InlineData(Answer + Answer)]
    [InlineData("S: <iq type='result' id='{id}' from='stranger@example.org/x'/>\n" + Answer)]
    [InlineData("S: <iq type='error' id='{id}' from='stranger@example.org/x'/>\n" + Answer)]
    [InlineData("S: <iq type='set' id='{id}'><x xmlns='urn:x'/></iq>\n" + Answer)]
    public async Task What_is_no_answer_is_passed_by(string answers)
    {
        var (_, client) = await ConnectAsync(Asked + answers + Message);
        await using var _ = client;
        Assert.NotNull((await client.RequestAsync(Question, cancellationToken: Token).Soon()).Get<FakePayload>());
        Assert.Equal("after", await client.NextBodyAsync());
    }

    [Fact]
    public async Task Answer_that_never_comes_is_given_up_and_late_it_is_nobodys()
    {
        var time = new FakeTimeProvider();
        var (server, client) = await ConnectAsync(Asked, o => o.TimeProvider = time);
        await using var _ = client;
        var asking = client.RequestAsync(Question with { Id = "late" }, TimeSpan.FromSeconds(5), Token);
        await server.Done.Soon();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("5 s", (await Assert.ThrowsAsync<XmppTimeoutException>(() => asking.Soon())).Message, StringComparison.Ordinal);
        await server.SendAsync("<iq type='result' id='late'/><message><body>after</body></message></stream:stream>");
        Assert.Equal("after", await client.NextBodyAsync());
    }

    [Theory]
    [InlineData("<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", StanzaErrorCondition.ItemNotFound)]
    [InlineData("<query xmlns='urn:test'/><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", StanzaErrorCondition.ResourceConstraint)]
    [InlineData("", StanzaErrorCondition.UndefinedCondition)]
    [InlineData("<error/>", StanzaErrorCondition.UndefinedCondition)]
    public async Task Error_is_an_exception_that_has_its_condition(string content, StanzaErrorCondition condition)
    {
        var (_, client) = await ConnectAsync(Asked + $"S: <iq type='error' id='{{id}}'>{content}</iq>");
        await using var _ = client;
        var error = await Assert.ThrowsAsync<XmppStanzaException>(
            () => client.RequestAsync(Question, cancellationToken: Token).Soon());
        Assert.Equal(condition, error.Error.Condition);
    }

    [Fact]
    public async Task Handler_that_asks_while_the_inbox_is_full_gets_its_answer()
    {
        var (server, client) = await ConnectAsync(
            string.Concat(Enumerable.Repeat(Message, 3)) + Asked + Answer, o => o.Limits.Inbox = 1);
        await using var _ = client;
        await client.NextBodyAsync();
        Assert.NotNull((await client.RequestAsync(Question, cancellationToken: Token).Soon()).Get<FakePayload>());
        await server.Done.Soon();
        Assert.Equal("after", await client.NextBodyAsync());
        Assert.Equal("after", await client.NextBodyAsync());
    }

    [Fact]
    public async Task Waiting_for_an_answer_ends_with_the_caller_the_session_or_the_client()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (server, client) = await ConnectAsync(Asked + Asked + Asked + "C: </stream:stream>\nS: </stream:stream>");
        var cancelled = client.RequestAsync(Question, cancellationToken: cancel.Token);
        var closed = client.RequestAsync(Question, cancellationToken: Token);
        await cancel.CancelAsync();
        Assert.Equal(
            cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon())).CancellationToken);
        var aborted = client.RequestAsync(Question, cancellationToken: Token);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<XmppSessionLostException>(() => closed.Soon());
        await Assert.ThrowsAsync<XmppSessionLostException>(() => aborted.Soon());
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.RequestAsync(Question, cancellationToken: Token).Soon());
        await server.HungUp.Soon();
    }

    [Fact]
    public async Task Cut_connection_says_why_to_whoever_waits()
    {
        var (server, client) = await ConnectAsync(Asked);
        await using var _ = client;
        var asking = client.RequestAsync(Question, cancellationToken: Token);
        await server.Done.Soon();
        var reason = new XmppTimeoutException("found dead");
        await client.AbortAsync(reason);
        Assert.Same(reason, (await Assert.ThrowsAsync<XmppSessionLostException>(() => asking.Soon())).InnerException);
        await server.HungUp.Soon();
    }

    [Fact]
    public async Task Server_that_reads_nothing_holds_up_senders_and_not_for_ever()
    {
        var time = new FakeTimeProvider();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var large = new Message { Body = new string('x', 300 * 1024) };
        var (server, client) = await ConnectAsync("", o => o.TimeProvider = time, isAttentive: false);
        await client.SendAsync(large, Token).AsTask().Soon();
        var held = client.SendAsync(large, Token).AsTask();
        Assert.False(held.IsCompleted);
        var cancelled = client.SendAsync(large, cancel.Token).AsTask();
        var asking = client.RequestAsync(Question, cancellationToken: Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());
        time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => asking.Soon());
        await client.AbortAsync(new XmppConnectionException("enough"));
        await Assert.ThrowsAsync<XmppConnectionException>(() => held.Soon());
        await server.HungUp.Soon();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_cannot_be_asked_is_the_callers_mistake()
    {
        var (_, client) = await ConnectAsync("");
        await using var _ = client;
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.RequestAsync(new Iq(IqType.Result, null), cancellationToken: Token).Soon());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => client.RequestAsync(Question, TimeSpan.FromSeconds(-3), Token).Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(Token).Soon());
    }

    private static async Task<(ScriptedServer Server, XmppClient Client)> ConnectAsync(
        string script, Action<XmppClientOptions>? configure = null, bool isAttentive = true)
    {
        var server = new ScriptedServer(TranscriptTests.Login + script) { IsAttentive = isAttentive };
        var client = new XmppClient(server.Options(configure));
        await client.ConnectAsync(Token).Soon();
        return (server, client);
    }

    [GeneratedRegex("id='(q[0-9]+)'")]
    private static partial Regex Ids();
}
