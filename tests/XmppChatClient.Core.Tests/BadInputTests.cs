using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests;

/// <summary>What no server may send, at every point of a login where the server has the word, and in the session after
/// it.</summary>
public sealed class BadInputTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static readonly string[] Steps = Logins.Lines(Logins.Whole);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, StreamErrorCondition> BadXml => new()
    {
        { "tags that cross", "<a><b></a></b>", StreamErrorCondition.NotWellFormed },
        { "no tag", "hello", default },
        { "HTTP", "HTTP/1.1 400 Bad Request", default },
        { "attribute twice", "<a b='1' b='2'/>", StreamErrorCondition.NotWellFormed },
        { "prefix of nobody", "<who:is xmlns='jabber:client'/>", StreamErrorCondition.BadNamespacePrefix },
        { "comment", "<!-- hello -->", StreamErrorCondition.RestrictedXml },
        { "processing instruction", "<?php echo 1 ?>", StreamErrorCondition.RestrictedXml },
        { "document type", "<!DOCTYPE a [<!ENTITY b 'c'>]>", StreamErrorCondition.RestrictedXml },
        { "entity of its own", "<a>&b;</a>", default },
        { "NUL", "<a>\0</a>", StreamErrorCondition.NotWellFormed },
        { "too large", "<a>" + new string('x', 30_000) + "</a>", StreamErrorCondition.PolicyViolation },
        { "never ending", "<a b='" + new string('x', 30_000), StreamErrorCondition.PolicyViolation },
    };

    /// <summary>What ends a login, and is passed over later, when it may be a stranger's.</summary>
    public static TheoryData<string, string, StreamErrorCondition> Excess => new()
    {
        { "too deep", string.Concat(Enumerable.Repeat("<a>", 100)) + string.Concat(Enumerable.Repeat("</a>", 100)), StreamErrorCondition.PolicyViolation },
        { "too many attributes", $"<a {string.Join(' ', Enumerable.Range(0, 200).Select(i => $"b{i}=''"))}/>", StreamErrorCondition.PolicyViolation },
    };

    public static TheoryData<string> WrongElements =>
    [
        "<message xmlns='jabber:client'><body>early</body></message>",
        "<features xmlns='urn:other'/>",
        "<success xmlns='urn:other'/>",
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>",
        "<error xmlns='jabber:client'/>",
    ];

    [Theory]
    [MemberData(nameof(BadXml), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Excess), DisableDiscoveryEnumeration = true)]
    public async Task Bad_XML_ends_a_login_wherever_it_comes(string what, string bad, StreamErrorCondition condition)
    {
        foreach (var step in ServerSteps())
        {
            var error = await FailAsync<XmppProtocolException>(step, bad);

            // An opening tag is looked at for what it is before its content is.
            var opens = Steps[step].Contains("<stream:stream", StringComparison.Ordinal);
            Assert.True(
                opens || condition == default || error.Condition == condition, $"{what} for {Steps[step]}: {error.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(WrongElements))]
    public async Task Wrong_element_ends_a_login_wherever_it_comes(string wrong)
    {
        foreach (var step in ServerSteps())
        {
            if (Steps[step].Contains("<proceed", StringComparison.Ordinal))
            {
                await FailAsync<XmppSecurityException>(step, wrong);
            }
            else
            {
                await FailAsync<XmppProtocolException>(step, wrong);
            }
        }
    }

    [Fact]
    public async Task End_of_the_stream_ends_a_login_wherever_it_comes()
    {
        foreach (var step in ServerSteps().Where(s => !Steps[s].Contains("<stream:stream", StringComparison.Ordinal)))
        {
            await FailAsync<XmppConnectionException>(step, "</stream:stream>");
            var error = await FailAsync<XmppStreamException>(
                step, "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
            Assert.Equal(StreamErrorCondition.HostUnknown, error.Error.Condition);
        }
    }

    [Theory]
    [MemberData(nameof(BadXml), DisableDiscoveryEnumeration = true)]
    public async Task Bad_XML_ends_a_session_after_all_that_came_before(string what, string bad, StreamErrorCondition condition)
    {
        var server = new ScriptedServer(TranscriptTests.Login + "S: <message><body>before</body></message>")
        {
            Capacity = 1 << 20,
            Then = async s =>
            {
                await s.SendAsync(bad);
                while (await s.ReadMoreAsync())
                {
                }
            },
        };
        await using var client = new XmppClient(server.Options(o => o.Limits.StanzaBytes = 20_000));
        var events = new List<XmppEvent>();
        await client.ConnectAsync(Token).Soon();
        var reading = client.ReadToEndAsync(events);
        var error = await Record.ExceptionAsync(() => reading.Soon());
        Assert.Collection(
            events,
            e => Assert.IsType<SessionStarted>(e),
            e => Assert.Equal("before", Assert.IsType<MessageReceived>(e).Message.Body),
            e =>
            {
                var ended = Assert.IsType<SessionEnded>(e);
                Assert.Equal(SessionEndReason.ProtocolViolation, ended.Reason);
                Assert.Same(error, ended.Error);
                Assert.True(
                    condition == default || Assert.IsType<XmppProtocolException>(error).Condition == condition, $"{what}: {error}");
            });
        await server.Done.Soon();

        // RFC 6120 §4.9.1.1, with the prefix of §4.8.5.
        Assert.EndsWith(
            $"<stream:error><{Assert.IsType<XmppProtocolException>(error).Condition.ToWireName()} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
            server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<enabled xmlns='urn:xmpp:sm:3'/>")]
    [InlineData("<message xmlns='jabber:server'><body>no</body></message>")]
    [InlineData("<message from='@'><body>no</body></message>")]
    [InlineData("<presence type='available'/>")]
    [InlineData("<presence type='unheard'/>")]
    [InlineData("<iq type='unheard' id='1'/>")]
    [InlineData("<iq id='1'/>")]
    [InlineData("<iq type='result' id='nobody-asked'/>")]
    [InlineData("<iq type='result'/>")]
    [InlineData("<stream:features/>")]
    public async Task Element_of_no_use_is_passed_by_and_the_session_goes_on(string element)
    {
        var server = new ScriptedServer(
            TranscriptTests.Login + $"S: {element}<message><body>after</body></message></stream:stream>");
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        Assert.Collection(
            await client.ReadToEndAsync().Soon(),
            e => Assert.IsType<SessionStarted>(e),
            e => Assert.Equal("after", Assert.IsType<MessageReceived>(e).Message.Body),
            e => Assert.Equal(SessionEndReason.ClosedByServer, Assert.IsType<SessionEnded>(e).Reason));
    }

    private static IEnumerable<int> ServerSteps() => Enumerable.Range(0, Steps.Length)
        .Where(i => Steps[i].StartsWith("S: <", StringComparison.Ordinal));

    private async Task<TException> FailAsync<TException>(int step, string bad)
        where TException : XmppException
    {
        var complete = Logins.Server(string.Join('\n', Steps[..step]), certificates);
        var server = new ScriptedServer(string.Join('\n', Steps[..step]))
        {
            Certificate = complete.Certificate,
            Scram = complete.Scram,
            Capacity = 1 << 20,
            Then = s => s.SendAsync(bad),
        };
        await using var client = new XmppClient(server.Options(certificates, o => o.Limits.StanzaBytes = 20_000));
        var error = await Record.ExceptionAsync(() => client.ConnectAsync(Token).Soon());
        Assert.True(error is TException, $"{bad[..Math.Min(bad.Length, 80)]} for {Steps[step]}: {error}");
        await server.HungUp.Soon();
        return (TException)error;
    }
}
