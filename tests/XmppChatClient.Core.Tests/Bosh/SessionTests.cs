using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>Requests and answers in a session (XEP-0124 v1.11.2), and what breaks its rules.</summary>
public sealed class SessionTests
{
    private const string Xmlns = "xmlns='http://jabber.org/protocol/httpbind'";

    // So that 8 MiB are the longest answer.
    private const int ShortStanza = 1_000_000;
    private const int InMuch = 22;

    /// <summary>An answer that is more than half as long as that.</summary>
    private static string Much { get; } =
        BoshEnd.Wrap(string.Concat(Enumerable.Repeat(BoshEnd.Message(new string('x', 200_000)), InMuch)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData($"<body {Xmlns} sid='s2'/>", StreamErrorCondition.BadFormat, "sent a BOSH body of another session, sid='s2'")]
    [InlineData($"<body {Xmlns} rid='7'/>", StreamErrorCondition.BadFormat, "sent a BOSH body to another request, rid='7'")]
    [InlineData($"<body {Xmlns} type='shrug\n'/>", StreamErrorCondition.BadFormat, "sent a BOSH body of an unknown type, 'shrug'")]
    [InlineData($"<body {Xmlns}><message xmlns='jabber:client'></body>", StreamErrorCondition.NotWellFormed, "sent a BOSH body in which")]
    [InlineData($"<body {Xmlns}><!-- x --></body>", StreamErrorCondition.RestrictedXml, "sent a BOSH body in which")]
    public async Task Body_that_breaks_the_protocol_ends_the_session(string answer, StreamErrorCondition condition, string problem)
    {
        var (error, end) = await EndAsync<XmppProtocolException>(answer);
        Assert.Equal(condition, error.Condition);
        Assert.StartsWith($"{end.Endpoint} {problem}", error.Message, StringComparison.Ordinal);
        var report = end.Received.Last();
        Assert.Equal("terminate", report["type"]);
        Assert.Contains($"<{condition.ToWireName()} xmlns='urn:ietf:params:xml:ns:xmpp-streams'", report.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 7\n\n<html/>", "answered 200 OK with text/html instead of BOSH: <html/>")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "answered 200 OK with nothing instead of BOSH")]
    [InlineData("HTTP/1.1 302 Found\nLocation: /login\nContent-Length: 0\n\n", "answered 302 Found and points to /login")]
    [InlineData("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n", "answered 404 Not Found instead of BOSH: it does not know it any more")]
    [InlineData($"<body {Xmlns} type='terminate' condition='item-not-found'/>", "ended the BOSH session with item-not-found")]
    [InlineData($"<body {Xmlns} type='terminate' condition='other-request'/>", "ended the BOSH session with other-request")]
    public async Task Answer_after_which_another_session_may_begin_is_a_lost_connection(string answer, string problem)
    {
        var (error, end) = await EndAsync<XmppConnectionException>(answer);
        Assert.Contains($"{end.Endpoint} {problem}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n", StreamErrorCondition.BadFormat)]
    [InlineData("HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n", StreamErrorCondition.PolicyViolation)]
    [InlineData($"<body {Xmlns} type='terminate' condition='system-shutdown'/>", StreamErrorCondition.SystemShutdown)]
    [InlineData($"<body {Xmlns} type='terminate' condition='bad-request'/>", StreamErrorCondition.BadFormat)]
    [InlineData(
        $"<body {Xmlns} xmlns:stream='http://etherx.jabber.org/streams' type='terminate' condition='remote-stream-error'>"
        + "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></body>",
        StreamErrorCondition.Conflict)]
    public async Task Answer_that_says_what_went_wrong_is_a_stream_error(string answer, StreamErrorCondition condition) =>
        Assert.Equal(condition, (await EndAsync<XmppStreamException>(answer)).Error.Error.Condition);

    [Theory]
    [InlineData($"<body {Xmlns} type='terminate'/>")]
    [InlineData($"<body {Xmlns} type='terminate' condition='remote-stream-error'/>")]
    public async Task Session_that_the_server_closes_is_closed(string answer)
    {
        var isOnline = new TaskCompletionSource<string>();
        await using var end = BoshEnd.StartIn(_ => isOnline.Task);
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        isOnline.SetResult(answer);
        Assert.Null((await EndedAsync(client)).Error);
        Assert.DoesNotContain(end.Received, p => p["type"] is not null);
    }

    [Fact]
    public async Task What_comes_with_the_end_is_taken()
    {
        var isOnline = new TaskCompletionSource<string>();
        await using var end = BoshEnd.StartIn(_ => isOnline.Task);
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        isOnline.SetResult(BoshEnd.Wrap(BoshEnd.Message("farewell"), " type='terminate'"));
        Assert.Equal("farewell", await client.NextBodyAsync());
    }

    [Fact]
    public async Task Stanza_that_breaks_a_limit_does_not_take_the_others_with_it()
    {
        var deep = BoshEnd.Message(string.Concat(Enumerable.Repeat("<a>", 70)) + string.Concat(Enumerable.Repeat("</a>", 70)));
        await using var end = BoshEnd.StartIn(post => post.IsEmpty
            ? Task.FromResult(BoshEnd.Wrap(BoshEnd.Message("first") + deep + BoshEnd.Message("last"))) : BoshEnd.Hold(post));
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        Assert.Equal("first", await client.NextBodyAsync());
        Assert.Equal("last", await client.NextBodyAsync());
    }

    [Fact]
    public async Task Stanza_in_the_wrappers_own_namespace_is_a_stanza()
    {
        await using var end = BoshEnd.StartIn(post => post.IsEmpty
            ? Task.FromResult($"<body {Xmlns}><message from='romeo@example.org'><body>hello</body></message></body>") : BoshEnd.Hold(post));
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        Assert.Equal("hello", await client.NextBodyAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n")]
    [InlineData("HTTP/1.1 504 Gateway Timeout\nContent-Type: text/html\nContent-Length: 4\n\n<p/>")]
    [InlineData($"<body {Xmlns} type='error'/>")]
    public async Task Request_that_got_lost_is_sent_again_as_it_was(string loss)
    {
        var losses = 0;
        await using var end = BoshEnd.StartIn(post => post switch
        {
            _ when post.Body.Contains("<message ", StringComparison.Ordinal) && Interlocked.Increment(ref losses) <= 2 =>
                Task.FromResult(loss),
            _ when post.Body.Contains("<message ", StringComparison.Ordinal) => Task.FromResult(BoshEnd.Wrap(BoshEnd.Message("got it"))),
            _ => BoshEnd.Hold(post),
        });
        await using var client = new XmppClient(end.Options(o => (o.Timeouts.Connect, o.Bosh.KeySequence) = (TimeSpan.FromSeconds(20), true)));
        await client.ConnectAsync(Token).Soon();
        await client.SendAsync(Jid.Parse("romeo@example.org"), "hello", Token);
        Assert.Equal("got it", await client.NextBodyAsync());
        var sent = end.Received.Where(p => p.Body.Contains("<message ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, sent.Length);
        Assert.Single(sent.Select(p => p.Body).Distinct());
    }

    [Fact]
    public async Task Answers_are_taken_in_the_order_of_the_requests()
    {
        var first = new TaskCompletionSource<string>();
        var asked = 0;
        await using var end = BoshEnd.StartIn(post => post switch
        {
            { IsEmpty: false } => Task.FromResult(BoshEnd.Wrap(BoshEnd.Message("second"))),
            _ when Interlocked.Increment(ref asked) == 1 => first.Task,
            _ => BoshEnd.Hold(post),
        });
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        await ReceivedAsync(end, p => p.IsEmpty);
        await client.SendAsync(Jid.Parse("romeo@example.org"), "hello", Token);
        await ReceivedAsync(end, p => p.Body.Contains("<message ", StringComparison.Ordinal));
        first.SetResult(BoshEnd.Wrap(BoshEnd.Message("first")));
        Assert.Equal("first", await client.NextBodyAsync());
        Assert.Equal("second", await client.NextBodyAsync());
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_the_server_allows_and_what_waits_goes_together()
    {
        var released = new TaskCompletionSource<string>();
        await using var end = BoshEnd.StartIn(post => post.IsEmpty ? BoshEnd.Hold(post) : released.Task);
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        await ReceivedAsync(end, p => p.IsEmpty);
        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync(Jid.Parse("romeo@example.org"), i.ToString(CultureInfo.InvariantCulture), Token);
        }

        var first = await ReceivedAsync(end, p => p.Body.Contains("<message ", StringComparison.Ordinal));
        Assert.Equal($"{first.Number - 2}", first["ack"]);
        Assert.Equal(first.Number, end.Received.Max(p => p.Number));
    }

    [Fact]
    public async Task Server_that_is_gone_is_given_up_in_time()
    {
        var isOnline = new TaskCompletionSource<string>();
        await using var end = BoshEnd.StartIn(_ => isOnline.Task);
        await using var client = new XmppClient(end.Options(o => o.Timeouts.Connect = TimeSpan.FromSeconds(1)));
        await client.ConnectAsync(Token).Soon();
        isOnline.SetResult("");
        var error = Assert.IsType<XmppConnectionException>((await EndedAsync(client)).Error);
        Assert.Contains($"{end.Endpoint} cannot be reached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_is_terminated_and_no_stream_closed()
    {
        await using var end = BoshEnd.StartIn(post =>
            post["type"] is null ? BoshEnd.Hold(post) : Task.FromResult(BoshEnd.Wrap("", " type='terminate'")));
        await using (var client = new XmppClient(end.Options()))
        {
            await client.ConnectAsync(Token).Soon();
            await client.CloseAsync(Token).Soon();
        }

        var last = end.Received.Last();
        Assert.Equal("terminate", last["type"]);
        Assert.DoesNotContain(end.Received, p => p.Body.Contains("stream:stream", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reader_that_is_busy_is_not_asked_for_but_before_the_server_forgets_it()
    {
        // Half of what the server allows.
        var messages = BoshEnd.Wrap(string.Concat(Enumerable.Range(0, 10).Select(i => BoshEnd.Message($"{i}"))));
        await AssertAskedAsync("requests='2' inactivity='44'", messages, TimeSpan.FromSeconds(22));
    }

    [Fact]
    public async Task Server_that_has_nothing_and_holds_nothing_is_left_alone_as_long_as_it_wants() =>
        await AssertAskedAsync("requests='2' polling='7' inactivity='60'", BoshEnd.Wrap(""), TimeSpan.FromSeconds(7));

    // Two answers may wait for a reader that stands still, and no third.
    [Fact]
    public async Task Reader_that_stands_still_before_much_is_not_asked_for_at_all_until_it_goes_on()
    {
        var (inactivity, attempt) = (TimeSpan.FromSeconds(44), TimeSpan.FromSeconds(60));
        var clock = new BoshClock();
        var asked = new Asked();
        await using var end = BoshEnd.StartIn(asked.Answer, "requests='2' inactivity='44'");
        await using var client = new XmppClient(end.Options(
            o => (o.TimeProvider, o.Limits.Inbox, o.Limits.StanzaBytes) = (clock, 1, ShortStanza)));
        await client.ConnectAsync(Token).Soon();
        var first = await asked.NextAsync();
        clock.Forget();
        first.SetResult(Much);
        await clock.TimerSetAsync(inactivity / 2);
        clock.Advance(inactivity / 2);
        var second = await asked.NextAsync();
        clock.Forget();
        second.SetResult(Much);

        // What is sent goes on.
        var numbers = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            await clock.TimerDisposedAsync(attempt);
            clock.Advance(inactivity);
            await client.SendAsync(Jid.Parse("romeo@example.org"), $"{i}", Token);
            numbers.Add((await ReceivedAsync(end, p => p.Body.Contains($"<body>{i}</body>", StringComparison.Ordinal))).Number);
        }

        Assert.Equal(Enumerable.Range(0, 3).Select(i => numbers[0] + i), numbers);
        Assert.Equal(2, end.Received.Count(p => p.IsEmpty));
        for (var i = 0; i < 2 * InMuch; i++)
        {
            Assert.Equal(200_000, (await client.NextBodyAsync().Soon())!.Length);
        }

        (await asked.NextAsync()).SetResult(BoshEnd.Wrap(BoshEnd.Message("and on")));
        Assert.Equal("and on", await client.NextBodyAsync().Soon());
    }

    // Whoever sends may not have to wait for a reader, who may be waiting for them.
    [Fact]
    public async Task Server_that_answers_what_is_sent_with_more_than_anybody_reads_is_left()
    {
        await using var end = BoshEnd.StartIn(_ => Task.FromResult(Much));
        await using var client = new XmppClient(end.Options(o => (o.Limits.Inbox, o.Limits.StanzaBytes) = (1, ShortStanza)));
        await client.ConnectAsync(Token).Soon();
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => SendForEverAsync(client));
        Assert.Contains($"{end.Endpoint} answered with more than 16777216 bytes", error.Message, StringComparison.Ordinal);
        var events = await EndAsync(client);
        Assert.IsType<XmppConnectionException>(events.OfType<SessionEnded>().Single().Error);
        var taken = events.OfType<MessageReceived>().Count();
        Assert.Equal((0, true), (taken % InMuch, taken >= 3 * InMuch));
    }

    [Fact]
    public async Task Cut_long_after_another_is_a_trouble_of_its_own()
    {
        var clock = new BoshClock();
        var asked = new Asked();
        await using var end = BoshEnd.StartIn(asked.Answer);
        await using var client = new XmppClient(end.Options(o => (o.TimeProvider, o.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(5))));
        await client.ConnectAsync(Token).Soon();
        for (var cut = 0; cut < 2; cut++)
        {
            var held = await asked.NextAsync();
            clock.Advance(TimeSpan.FromSeconds(10));
            held.SetResult("");
        }

        (await asked.NextAsync()).SetResult(BoshEnd.Wrap(BoshEnd.Message("at last")));
        Assert.Equal("at last", await client.NextBodyAsync().Soon());
        Assert.Equal(3, end.Received.Where(p => p.IsEmpty).GroupBy(p => p.Body).First().Count());
    }

    [Fact]
    public async Task Server_that_says_nothing_is_given_up_at_the_second_time()
    {
        var clock = new BoshClock();
        var asked = new Asked();
        await using var end = BoshEnd.StartIn(asked.Answer);
        await using var client = new XmppClient(end.Options(o => (o.TimeProvider, o.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(5))));
        await client.ConnectAsync(Token).Soon();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await asked.NextAsync();
            clock.Advance(TimeSpan.FromSeconds(50));
        }

        var error = Assert.IsType<XmppConnectionException>((await EndedAsync(client)).Error);
        Assert.Contains($"{end.Endpoint} did not answer within 50 s", error.Message, StringComparison.Ordinal);
    }

    // Each time so long after the answer to the time before.
    private static async Task AssertAskedAsync(string terms, string answer, TimeSpan pause)
    {
        var clock = new BoshClock();
        var asked = new Asked();
        await using var end = BoshEnd.StartIn(asked.Answer, terms);
        await using var client = new XmppClient(end.Options(o => (o.TimeProvider, o.Limits.Inbox) = (clock, 1)));
        await client.ConnectAsync(Token).Soon();
        for (var count = 1; count < 4; count++)
        {
            var mayAnswer = await asked.NextAsync();
            clock.Forget();
            mayAnswer.SetResult(answer);
            await clock.TimerSetAsync(pause);
            Assert.Equal(count, end.Received.Count(p => p.IsEmpty));
            clock.Advance(pause);
        }

        (await asked.NextAsync()).SetResult(BoshEnd.Wrap(""));
    }

    private static async Task SendForEverAsync(XmppClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            await client.SendAsync(Jid.Parse("romeo@example.org"), "hello", limit.Token);
        }
    }

    private static async Task<(T Error, BoshEnd End)> EndAsync<T>(string answer)
        where T : XmppException
    {
        var isOnline = new TaskCompletionSource();
        await using var end = BoshEnd.StartIn(async post =>
        {
            await isOnline.Task;
            return post["type"] is null ? answer : BoshEnd.Wrap("", " type='terminate'");
        });
        await using var client = new XmppClient(end.Options(o => o.Timeouts.Close = TimeSpan.FromSeconds(20)));
        await client.ConnectAsync(Token).Soon();
        isOnline.SetResult();
        var error = Assert.IsType<T>((await EndedAsync(client)).Error);
        Assert.DoesNotContain(error.Message, char.IsControl);
        return (error, end);
    }

    private static async Task<SessionEnded> EndedAsync(XmppClient client) => (await EndAsync(client)).OfType<SessionEnded>().Single();

    private static async Task<List<XmppEvent>> EndAsync(XmppClient client)
    {
        var events = new List<XmppEvent>();
        try
        {
            await client.ReadToEndAsync(events).Soon();
        }
        catch (XmppException)
        {
            // It ended with its session.
        }

        return events;
    }

    // Requests come by themselves: there is nothing to wait for but them.
    private static async Task<BoshPost> ReceivedAsync(BoshEnd end, Func<BoshPost, bool> fits, int count = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        while (true)
        {
            if (end.Received.Where(fits).ElementAtOrDefault(count - 1) is { } post)
            {
                return post;
            }

            await end.ArrivedAsync(limit.Token);
        }
    }

    /// <summary>Requests that only ask for what there is, each of which a test answers; others are answered at once with nothing.</summary>
    private sealed class Asked
    {
        private readonly Channel<TaskCompletionSource<string>> _asked = Channel.CreateUnbounded<TaskCompletionSource<string>>();
        private readonly ConcurrentBag<TaskCompletionSource<string>> _all = [];

        public Task<string> Answer(BoshPost post)
        {
            if (!post.IsEmpty)
            {
                return Task.FromResult(post["type"] is null ? BoshEnd.Wrap("") : End());
            }

            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _all.Add(answer);
            _asked.Writer.TryWrite(answer);
            return answer.Task;
        }

        /// <summary>The next one: what it is answered with, or nothing to cut it off.</summary>
        public async Task<TaskCompletionSource<string>> NextAsync() => await _asked.Reader.ReadAsync(Token).AsTask().Soon();

        // Whatever is open is in the way of the end of the session.
        private string End()
        {
            foreach (var answer in _all)
            {
                answer.TrySetResult(BoshEnd.Wrap(""));
            }

            return BoshEnd.Wrap("", " type='terminate'");
        }
    }
}
