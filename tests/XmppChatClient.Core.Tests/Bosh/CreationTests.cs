using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>How sessions begin (XEP-0124 §7, XEP-0206 §4), and endpoints that begin none: the error names each, and what it
/// answered.</summary>
public sealed class CreationTests
{
    private const string Xmlns = "xmlns='http://jabber.org/protocol/httpbind'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 27\n\n<html>\n<b>Hello</b>\t</html>",
        "answered 200 OK with text/html instead of BOSH: <html> <b>Hello</b> </html>")]
    [InlineData(
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 22\n\n<!DOCTYPE html><p>Hello", "with text/html instead of BOSH: <!DOCTYPE html><p>Hell")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\n\u202Ehello", "answered 200 OK instead of BOSH: he")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "answered 200 OK with nothing instead of BOSH")]
    [InlineData("HTTP/1.1 204 No Content\n\n", "answered 204 No Content instead of BOSH")]
    [InlineData("HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n", "answered 400 Bad Request instead of BOSH")]
    [InlineData("HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n", "answered 403 Forbidden")]
    [InlineData("HTTP/1.1 404 Not Found\nContent-Length: 9\n\n<i>No</i>", "answered 404 Not Found instead of BOSH: <i>No</i>")]
    [InlineData("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n", "answered 502 Bad Gateway")]
    [InlineData(
        "HTTP/1.1 301 Moved Permanently\nLocation: http://elsewhere.test/bosh\nContent-Length: 0\n\n",
        "answered 301 Moved Permanently and points to http://elsewhere.test/bosh, which is not followed")]
    [InlineData("hello", "answered 200 OK with text/xml instead of BOSH: hello")]
    [InlineData("", "cannot be reached")]
    [InlineData("<body/>", "instead of BOSH: <body/>")]
    [InlineData("<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "instead of BOSH: <html ")]
    [InlineData($"<body {Xmlns}", "instead of BOSH: <body ")]
    [InlineData($"<body {Xmlns}>", "something is wrong: it does not end")]
    [InlineData($"<body {Xmlns}><a></body>", "something is wrong: ")]
    [InlineData($"<body {Xmlns}>text</body>", "something is wrong: ")]
    [InlineData($"<body {Xmlns} sid='1'><a/></body><body/>", "something is wrong: something is behind its end")]
    [InlineData($"<body {Xmlns}/>", "began a BOSH session without a usable sid")]
    [InlineData($"<body {Xmlns} sid=''/>", "began a BOSH session without a usable sid")]
    [InlineData($"<body {Xmlns} sid='1' wait='soon\n&#x202E;x'/>", "began a BOSH session with wait='soon x', which is no number")]
    [InlineData($"<body {Xmlns} sid='1' requests='-1'/>", "requests='-1', which is no number")]
    [InlineData($"<body {Xmlns} sid='1' type='shrug'/>", "began a BOSH session with type='shrug'")]
    [InlineData($"<body {Xmlns} sid='1' rid='7\n'/>", "began a BOSH session for another request, rid='7'")]
    [InlineData($"<body {Xmlns} sid='1' type='error'/>", "began a BOSH session with type='error'")]
    [InlineData($"<body {Xmlns} type='terminate'/>", "ended the BOSH session instead of beginning it")]
    [InlineData($"<body {Xmlns} type='terminate' condition='item-not-found'/>", "ended the BOSH session with item-not-found")]
    public async Task Answer_that_begins_no_session_is_named(string answer, string problem)
    {
        await using var end = BoshEnd.Start(_ => answer);
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains($"{end.Endpoint} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c == '\u202E');
    }

    [Theory]
    [InlineData("host-unknown", StreamErrorCondition.HostUnknown)]
    [InlineData("host-gone", StreamErrorCondition.HostGone)]
    [InlineData("improper-addressing", StreamErrorCondition.ImproperAddressing)]
    [InlineData("policy-violation", StreamErrorCondition.PolicyViolation)]
    [InlineData("system-shutdown", StreamErrorCondition.SystemShutdown)]
    [InlineData("remote-connection-failed", StreamErrorCondition.RemoteConnectionFailed)]
    [InlineData("internal-server-error", StreamErrorCondition.InternalServerError)]
    [InlineData("bad-request", StreamErrorCondition.BadFormat)]
    [InlineData("bad-weather", StreamErrorCondition.UndefinedCondition)]
    public async Task Condition_that_ends_it_is_the_stream_error_that_it_stands_for(string condition, StreamErrorCondition meaning)
    {
        await using var end = BoshEnd.Start(_ => $"<body {Xmlns} type='terminate' condition='{condition}'/>");
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(meaning, error.Error.Condition);
        Assert.Contains($"{end.Endpoint} ended the BOSH session with {condition}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")]
    [InlineData("<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")]
    public async Task Stream_error_instead_of_a_stream_is_the_error(string content)
    {
        await using var end = BoshEnd.Start(_ => BoshEnd.Wrap(content, " type='terminate' condition='remote-stream-error'"));
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(StreamErrorCondition.HostUnknown, error.Error.Condition);
    }

    [Fact]
    public async Task Answer_that_is_too_long_is_not_read()
    {
        const int Limit = 8 * 1024 * 1024;
        await using var end = BoshEnd.Start(_ => $"<body {Xmlns}>{new string(' ', Limit)}</body>");
        await using var client = new XmppClient(end.Options(o => o.Limits.StanzaBytes = 10_000));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains($"{end.Endpoint} sent a response that is longer than the limit of {Limit} bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 1000\n\n<body ")]
    public async Task Endpoint_that_does_not_answer_in_time_is_named(string? beginning)
    {
        var clock = new BoshClock();
        await using var end = beginning is null ? BoshEnd.Start(BoshEnd.Hold) : BoshEnd.Start(_ => beginning);
        await using var client = new XmppClient(end.Options(o => (o.TimeProvider, o.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(7))));
        var connecting = client.ConnectAsync(Token);
        await end.ArrivedAsync(Token).Soon();
        clock.Advance(TimeSpan.FromSeconds(14));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.Soon());
        Assert.Contains($"{end.Endpoint} began no BOSH session within 14 s", error.Message, StringComparison.Ordinal);
    }

    // The server could not know it for the same one (XEP-0124 §7.2): who connects decides whether to try again.
    [Fact]
    public async Task Request_for_a_session_that_gets_lost_is_not_sent_again()
    {
        await using var end = BoshEnd.Start(_ => "");
        await using var client = new XmppClient(end.Options());
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Single(end.Received);
    }

    [Fact]
    public async Task What_asks_for_a_session_says_what_it_must()
    {
        await using var end = BoshEnd.StartIn(BoshEnd.Hold);
        await using var client = new XmppClient(end.Options(o => o.Bosh.Wait = TimeSpan.FromSeconds(20)));
        await client.ConnectAsync(Token).Soon();
        var post = end.Received.First();
        var lines = post.Head.Split("\r\n");
        Assert.Equal("POST /bosh HTTP/1.1", lines[0]);
        Assert.Contains("Content-Type: text/xml; charset=utf-8", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("Cookie", StringComparison.OrdinalIgnoreCase)
            || l.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) || l.StartsWith("Expect", StringComparison.OrdinalIgnoreCase)
            || l.StartsWith("traceparent", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(
            $"<body {Xmlns} xmlns:xmpp='urn:xmpp:xbosh' xml:lang='en' rid='{post.Number}' to='example.org' ver='1.11' wait='20' hold='1' ack='1' "
            + "xmpp:version='1.0'/>",
            post.Body);
        Assert.InRange(post.Number, 1, 1L << 52);
        var restart = end.Received.Single(p => p["xmpp:restart"] is not null);
        Assert.Equal(
            $"<body {Xmlns} xmlns:xmpp='urn:xmpp:xbosh' xml:lang='en' rid='{post.Number + 2}' sid='s1' to='example.org' xmpp:restart='true'/>",
            restart.Body);
    }

    [Fact]
    public async Task Features_may_come_later_and_stanzas_without_a_namespace_of_their_own()
    {
        var asked = 0;
        await using var end = BoshEnd.Start(post => post["sid"] is null
            ? $"<?xml version='1.0'?>\n<body {Xmlns} sid='s1' requests='2'/>\n"
            : post.IsEmpty && Interlocked.Increment(ref asked) < 3 ? BoshEnd.Wrap("") : BoshEnd.Wrap(
                "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>X</mechanism></mechanisms></stream:features>"));
        await using var client = new XmppClient(end.Options());
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData("http", true)]
    [InlineData("mailto", false)]
    public async Task Server_sends_its_clients_elsewhere(string scheme, bool isFollowed)
    {
        await using var other = BoshEnd.StartIn(BoshEnd.Hold);
        var uri = scheme == "http" ? other.Endpoint.ToString() : "mailto:admin@example.org";
        await using var end = BoshEnd.Start(_ => BoshEnd.Wrap($"<uri>{uri}</uri>", " type='terminate' condition='see-other-uri'"));
        await using var client = new XmppClient(end.Options());
        if (isFollowed)
        {
            await client.ConnectAsync(Token).Soon();
            Assert.NotEmpty(other.Received);
        }
        else
        {
            var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
            Assert.Equal(StreamErrorCondition.SeeOtherHost, error.Error.Condition);
        }
    }
}
