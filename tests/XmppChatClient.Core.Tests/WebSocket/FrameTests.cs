using System.Net.WebSockets;
using System.Text;
using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>What may be in a WebSocket's messages (RFC 7395 §3.3), and what may not.</summary>
public sealed class FrameTests
{
    private const string Message = "<message xmlns='jabber:client' from='romeo@example.org'><body>ä日🎉</body></message>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", StreamErrorCondition.NotWellFormed, "there is no element")]
    [InlineData(" ", StreamErrorCondition.NotWellFormed, "does not begin with a tag")]
    [InlineData(" <a/>", StreamErrorCondition.NotWellFormed, "does not begin with a tag")]
    [InlineData("hello", StreamErrorCondition.NotWellFormed, "does not begin with a tag")]
    [InlineData("<a/><b/>", StreamErrorCondition.NotWellFormed, "a second element")]
    [InlineData(WebVisit.Opening + "x", StreamErrorCondition.BadFormat, "text outside")]
    [InlineData(WebVisit.Opening + WebVisit.Opening, StreamErrorCondition.NotWellFormed, "a second element")]
    [InlineData("<a>", StreamErrorCondition.NotWellFormed, "does not end")]
    [InlineData("<!DOCTYPE html><html/>", StreamErrorCondition.RestrictedXml, "document types")]
    [InlineData("<!-- x --><a/>", StreamErrorCondition.RestrictedXml, "comments")]
    [InlineData("<?xml version='1.0' encoding='latin-1'?><a/>", StreamErrorCondition.UnsupportedEncoding, "UTF-8")]
    [InlineData("<?xml version='1.0'", StreamErrorCondition.NotWellFormed, "does not end")]
    [InlineData("<?php x ?><a/>", StreamErrorCondition.RestrictedXml, "processing instructions")]
    [InlineData("<open version='1.0'/>", StreamErrorCondition.InvalidNamespace, "sent open instead of {urn:ietf:params:xml:ns:xmpp-framing}open")]
    [InlineData("<html xmlns='http://www.w3.org/1999/xhtml'/>", StreamErrorCondition.InvalidNamespace, "sent {http://www.w3.org/1999/xhtml}html")]
    [InlineData(
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'/>", StreamErrorCondition.InvalidNamespace,
        "sent {http://etherx.jabber.org/streams}stream")]
    [InlineData("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", StreamErrorCondition.UnsupportedVersion, "version ''")]
    [InlineData("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='0.9'/>", StreamErrorCondition.UnsupportedVersion, "version '0.9'")]
    public async Task Answer_that_opens_no_stream_is_named(string answer, StreamErrorCondition condition, string problem) =>
        AssertViolation(await ViolateAsync(visit => visit.SendAsync(answer)), condition, problem, 1002);

    [Fact]
    public async Task Binary_message_is_refused() => AssertViolation(
        await ViolateAsync(visit => visit.SendAsync([.. "<a/>"u8], WebSocketMessageType.Binary)),
        StreamErrorCondition.BadFormat, "sent a binary message", 1003);

    [Theory]
    [InlineData("3C613EC3283C2F613E")]
    [InlineData("3C613EE697A5E697")]
    [InlineData("3C61FF3E")]
    public async Task Message_that_is_not_UTF_8_is_refused(string hex) => AssertViolation(
        await ViolateAsync(visit => visit.SendAsync(Convert.FromHexString(hex))),
        StreamErrorCondition.NotWellFormed, "sent a message that is not UTF-8", 1007);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Message_over_the_limit_is_refused_before_it_ends(bool inFragments) => AssertViolation(
        await ViolateAsync(
            async visit =>
            {
                var bytes = Encoding.UTF8.GetBytes("<a>" + new string('x', 10_000));
                if (!inFragments)
                {
                    await visit.SendAsync(bytes, endOfMessage: false);
                    return;
                }

                foreach (var fragment in bytes.Chunk(1_000))
                {
                    await visit.SendAsync(fragment, endOfMessage: false);
                }
            },
            o => o.Limits.StanzaBytes = 10_000),
        StreamErrorCondition.PolicyViolation, "longer than the limit of 10000 bytes", 1009);

    [Theory]
    [InlineData("", StreamErrorCondition.NotWellFormed, "there is no element")]
    [InlineData("<a/><b/>", StreamErrorCondition.NotWellFormed, "a second element")]
    [InlineData("hello", StreamErrorCondition.NotWellFormed, "does not begin with a tag")]
    [InlineData("<!DOCTYPE html><html/>", StreamErrorCondition.RestrictedXml, "document types")]
    public async Task Message_in_a_session_that_is_not_one_element_ends_it(string message, StreamErrorCondition condition, string problem) =>
        AssertViolation(await ViolateInSessionAsync(visit => visit.SendAsync(message)), condition, problem, 1002);

    [Theory]
    [InlineData("3C612F3E", WebSocketMessageType.Binary, StreamErrorCondition.BadFormat, "sent a binary message", 1003)]
    [InlineData("3C613EE697", WebSocketMessageType.Text, StreamErrorCondition.NotWellFormed, "sent a message that is not UTF-8", 1007)]
    public async Task Message_in_a_session_that_is_no_text_ends_it(
        string hex, WebSocketMessageType type, StreamErrorCondition condition, string problem, int status) => AssertViolation(
            await ViolateInSessionAsync(visit => visit.SendAsync(Convert.FromHexString(hex), type)), condition, problem, status);

    [Fact]
    public async Task Stream_error_instead_of_a_stream_is_the_error()
    {
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.OpenAsync();
            await visit.SendAsync(
                "<stream:error xmlns:stream='http://etherx.jabber.org/streams'>"
                + "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(StreamErrorCondition.HostUnknown, error.Error.Condition);
    }

    [Theory]
    [InlineData("close", "closed the stream instead of opening it")]
    [InlineData("1008", "closed the WebSocket with 1008 (go away) and not its stream")]
    [InlineData("cut", "cut the connection without closing its stream")]
    public async Task Connection_that_ends_instead_of_a_stream_is_named(string how, string problem)
    {
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.OpenAsync();
            if (how == "close")
            {
                await visit.SendAsync(WebVisit.Closing);
                await visit.EndAsync();
            }
            else if (how == "1008")
            {
                await visit.CloseAsync(WebSocketCloseStatus.PolicyViolation, "go away");
                await visit.EndAsync();
            }
        });
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains($"{end.Endpoint} {problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_we_send_is_one_document_a_frame()
    {
        WebVisit? seen = null;
        await using (var end = WebEnd.Start(async visit =>
        {
            seen = visit;
            await visit.LogInAsync();
            await visit.EndAsync();
        }))
        {
            await using var client = new XmppClient(end.Options(o => o.NewId = () => "id"));
            await client.ConnectAsync(Token).Soon();
            await client.SendAsync(Jid.Parse("romeo@example.org"), "<hi>", Token);
            await client.SendAsync(new Presence { Show = PresenceShow.Away, Id = "p" }, Token);
            await client.CloseAsync(Token).Soon();
        }

        Assert.Equal(
            [
                "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>",
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>=</auth>",
                "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>",
                "<iq xmlns='jabber:client' id='id' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
                "<message xmlns='jabber:client' to='romeo@example.org' id='id' type='chat'><body>&lt;hi&gt;</body></message>",
                "<presence xmlns='jabber:client' id='p'><show>away</show></presence>",
                "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
            ],
            seen!.Received);
    }

    [Fact]
    public async Task Request_is_for_XMPP_and_asks_for_nothing_else()
    {
        var request = new TaskCompletionSource<string>();
        await using var end = WebEnd.Start(async visit => request.SetResult(await visit.UpgradeAsync()));
        await using var client = new XmppClient(end.Options());
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        var lines = (await request.Task).Split("\r\n");
        Assert.Equal("GET /ws HTTP/1.1", lines[0]);
        Assert.Contains("Sec-WebSocket-Protocol: xmpp", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("Sec-WebSocket-Extensions", StringComparison.OrdinalIgnoreCase)
            || l.StartsWith("Cookie", StringComparison.OrdinalIgnoreCase) || l.StartsWith("traceparent", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Message_in_fragments_is_one_element(int bytes)
    {
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.LogInAsync();
            var chunks = Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='UTF-8'?>" + Message + "\n").Chunk(bytes).ToArray();
            foreach (var chunk in chunks[..^1])
            {
                await visit.SendAsync(chunk, endOfMessage: false);
                await visit.SendAsync([], endOfMessage: false);
            }

            await visit.SendAsync(chunks[^1]);
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        await foreach (var message in client.ReadMessagesAsync(Token))
        {
            Assert.Equal("ä日🎉", message.Body);
            break;
        }
    }

    [Fact]
    public async Task Message_as_long_as_the_limit_is_taken_and_what_a_stranger_nested_is_passed_over()
    {
        const string Shell = "<message xmlns='jabber:client' from='romeo@example.org'><body></body></message>";
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.LogInAsync();
            await visit.SendAsync(Shell.Replace("</body>", $"{string.Concat(Enumerable.Repeat("<a>", 70))}", StringComparison.Ordinal));
            await visit.SendAsync(Shell.Replace("</body>", new string('x', 10_000 - Shell.Length) + "</body>", StringComparison.Ordinal));
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options(o => o.Limits.StanzaBytes = 10_000));
        await client.ConnectAsync(Token).Soon();
        await foreach (var message in client.ReadMessagesAsync(Token))
        {
            Assert.Equal(10_000 - Shell.Length, message.Body!.Length);
            break;
        }
    }

    [Fact]
    public async Task Stream_that_the_server_closes_is_closed_by_us_and_then_the_WebSocket()
    {
        WebVisit? seen = null;
        await using (var end = WebEnd.Start(async visit =>
        {
            seen = visit;
            await visit.LogInAsync();
            await visit.SendAsync(WebVisit.Closing);
            await visit.EndAsync();
            await visit.CloseAsync(WebSocketCloseStatus.NormalClosure);
        }))
        {
            await using var client = new XmppClient(end.Options());
            await client.ConnectAsync(Token).Soon();
            await foreach (var next in client.ReadEventsAsync(Token))
            {
                if (next is SessionEnded ended)
                {
                    Assert.Null(ended.Error);
                }
            }
        }

        Assert.Equal(WebVisit.Closing, seen!.Received[^1]);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, seen.CloseStatus);
    }

    private static void AssertViolation(
        (XmppProtocolException Error, WebVisit Visit, Uri Endpoint) seen, StreamErrorCondition condition, string problem, int status)
    {
        Assert.Equal(condition, seen.Error.Condition);
        Assert.StartsWith($"{seen.Endpoint} ", seen.Error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, seen.Error.Message, StringComparison.Ordinal);
        Assert.Equal(status, (int?)seen.Visit.CloseStatus);
    }

    // Answers the opening so, and sees the client refuse that.
    private static Task<(XmppProtocolException Error, WebVisit Visit, Uri Endpoint)> ViolateAsync(
        Func<WebVisit, Task> answer, Action<XmppClientOptions>? configure = null) => SeeAsync(
            async visit =>
            {
                await visit.OpenAsync();
                await answer(visit);
            },
            configure,
            client => Assert.ThrowsAsync<XmppProtocolException>(() => client.ConnectAsync(Token).Soon()));

    private static Task<(XmppProtocolException Error, WebVisit Visit, Uri Endpoint)> ViolateInSessionAsync(Func<WebVisit, Task> message) => SeeAsync(
        async visit =>
        {
            await visit.LogInAsync();
            await message(visit);
        },
        configure: null,
        async client =>
        {
            await client.ConnectAsync(Token).Soon();
            return await Assert.ThrowsAsync<XmppProtocolException>(() => client.ReadToEndAsync().Soon());
        });

    private static async Task<(XmppProtocolException Error, WebVisit Visit, Uri Endpoint)> SeeAsync(
        Func<WebVisit, Task> serve, Action<XmppClientOptions>? configure, Func<XmppClient, Task<XmppProtocolException>> fail)
    {
        WebVisit? seen = null;
        XmppProtocolException error;
        Uri endpoint;
        await using (var end = WebEnd.Start(async visit =>
        {
            seen = visit;
            await serve(visit);
            await visit.EndAsync(answers: false);
        }))
        {
            endpoint = end.Endpoint;
            await using var client = new XmppClient(end.Options(configure));
            error = await fail(client);
        }

        return (error, seen!, endpoint);
    }
}
