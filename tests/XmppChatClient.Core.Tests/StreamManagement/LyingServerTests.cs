using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.StreamManagement;

/// <summary>What a server may say that stream management does not allow, or that nobody expects.</summary>
public sealed class LyingServerTests
{
    private const string Sm = "urn:xmpp:sm:3";

    private static readonly string Offered = TranscriptTests.Login.Replace(
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
        $"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='{Sm}'/></stream:features>",
        StringComparison.Ordinal);

    private static readonly string Enabled = Offered + $"""
        C: <enable xmlns='{Sm}' resume='true'/>
        S: <enabled xmlns='{Sm}' id='i' resume='true'/>

        """;

    // Up to where a resource would be bound.
    private static readonly string LoggedIn = string.Join('\n', Offered.Split('\n')[..8]) + "\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2", "handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'")]
    [InlineData("4294967295", "handled-count-too-high xmlns='urn:xmpp:sm:3' h='4294967295' send-count='1'")]
    [InlineData("4294967296", "bad-format")]
    [InlineData("-1", "bad-format")]
    [InlineData("", "bad-format")]
    [InlineData("one", "bad-format")]
    public async Task Count_that_cannot_be_ends_the_stream(string count, string error)
    {
        var server = new ScriptedServer(Enabled + $"""
            C: </message>
            S: <a xmlns='{Sm}' h='{count}'/>
            C: {error}
            """);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        await client.SendAsync(client.Jid, "one", Token);
        await server.Done.Soon();
        await Assert.ThrowsAsync<XmppProtocolException>(() => client.ReadToEndAsync().Soon());
    }

    [Fact]
    public async Task Count_that_goes_back_ends_the_stream()
    {
        var server = new ScriptedServer(Enabled + $"""
            C: </message>
            S: <a xmlns='{Sm}' h='1'/><a xmlns='{Sm}' h='0'/>
            C: handled-count-too-high
            """);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        var receipt = await client.SendAsync(client.Jid, "one", Token);
        await server.Done.Soon();
        Assert.Equal(SendState.Acknowledged, receipt.State);
    }

    [Theory]
    [InlineData("<failed xmlns='urn:xmpp:sm:3'/>")]
    [InlineData("<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>")]
    public async Task Server_that_refuses_is_done_without(string refusal)
    {
        var server = new ScriptedServer(Offered + $"""
            C: <enable xmlns='{Sm}' resume='true'/>
            S: {refusal}<r xmlns='{Sm}'/><a xmlns='{Sm}' h='7'/><message><body>goes on</body></message>
            """);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        Assert.Equal("goes on", await client.NextBodyAsync());
        Assert.Equal(SendState.Unknown, (await client.SendAsync(client.Jid, "one", Token)).State);
    }

    [Theory]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' h='0'/>")]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' previd='i' h='0'/>")]
    [InlineData("<message/>")]
    public async Task Answer_to_enabling_that_is_none_ends_the_login(string answer)
    {
        var server = new ScriptedServer(Offered + $"C: <enable xmlns='{Sm}' resume='true'/>\nS: {answer}");
        await using var client = new XmppClient(server.Options());
        var error = await Assert.ThrowsAsync<XmppProtocolException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(StreamErrorCondition.UnsupportedStanzaType, error.Condition);
    }

    [Theory]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' previd='other' h='1'/>")]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' previd='i'/>")]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' previd='i' h='two'/>")]
    [InlineData("<resumed xmlns='urn:xmpp:sm:3' previd='i' h='2'/>")]
    [InlineData("<enabled xmlns='urn:xmpp:sm:3' id='i'/>")]
    [InlineData("<message/>")]
    public async Task Resumption_that_does_not_hold_is_not_gone_on_with(string answer)
    {
        var third = new ScriptedServer(Enabled);
        var second = new ScriptedServer(LoggedIn + $"""
            C: <resume xmlns='{Sm}' h='0' previd='i'/>
            S: {answer}
            """) { Next = third };
        var first = new ScriptedServer(Enabled + "C: </message>\nS: !cut") { Next = second };
        await using var client = new XmppClient(first.Options(o =>
        {
            o.Reconnect.Enabled = true;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        }));
        await client.ConnectAsync(Token).Soon();
        var receipt = await client.SendAsync(client.Jid, "one", Token);
        await third.Done.Soon();
        Assert.Equal(SendState.Lost, await receipt.SettledAsync(Token).Soon());
    }

    [Fact]
    public async Task Refused_resumption_may_say_what_had_arrived()
    {
        var second = new ScriptedServer(LoggedIn + $"""
            C: <resume xmlns='{Sm}' h='0' previd='i'/>
            S: <failed xmlns='{Sm}' h='1'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
            C: <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>

            """ + "S: <iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>nobody@example.org/2</jid></bind></iq>\n"
            + $"""
            C: <enable xmlns='{Sm}' resume='true'/>
            S: <enabled xmlns='{Sm}'/>
            """);
        var first = new ScriptedServer(Enabled + "C: one</body></message>\nC: two</body></message>\nS: !cut") { Next = second };
        await using var client = new XmppClient(first.Options(o =>
        {
            o.Reconnect.Enabled = true;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        }));
        await client.ConnectAsync(Token).Soon();
        var one = await client.SendAsync(client.Jid, "one", Token);
        var two = await client.SendAsync(client.Jid, "two", Token);
        Assert.Equal(SendState.Acknowledged, await one.SettledAsync(Token).Soon());
        Assert.Equal(SendState.Lost, await two.SettledAsync(Token).Soon());
    }

    [Fact]
    public async Task Server_that_asks_without_end_and_acknowledges_nothing_is_left()
    {
        var server = new ScriptedServer(Enabled)
        {
            Then = async s =>
            {
                // The client is not held up by what it has to answer, up to some number.
                for (var i = 0; i < 12; i++)
                {
                    await s.SendAsync(string.Concat(Enumerable.Range(0, 100).Select(
                        n => $"<iq type='get' id='q{i}-{n}' from='example.org'><query xmlns='urn:what'/></iq>")));
                }
            },
        };
        await using var client = new XmppClient(server.Options(o =>
        {
            o.StreamManagement.Queue = 5;
            o.StreamManagement.RequestEvery = 5;
        }));
        await client.ConnectAsync(Token).Soon();
        var error = await Assert.ThrowsAsync<XmppProtocolException>(() => client.ReadToEndAsync().Soon());
        Assert.Equal(StreamErrorCondition.PolicyViolation, error.Condition);
    }

    [Fact]
    public async Task Server_that_hangs_up_at_each_resumption_gets_a_new_session()
    {
        var resume = LoggedIn + $"C: <resume xmlns='{Sm}' h='0' previd='i'/>\nS: !cut";
        var last = new ScriptedServer(Enabled);
        var third = new ScriptedServer(resume) { Next = last };
        var second = new ScriptedServer(resume) { Next = third };
        var first = new ScriptedServer(Enabled + "C: </message>\nS: !cut") { Next = second };
        await using var client = new XmppClient(first.Options(o =>
        {
            o.Reconnect.Enabled = true;
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        }));
        await client.ConnectAsync(Token).Soon();
        await client.SendAsync(client.Jid, "one", Token);
        await last.Done.Soon();
    }
}
