using System.Globalization;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Core.Tests;

public sealed class TranscriptTests
{
    internal const string Login = """
        C: <?xml version='1.0'?><stream:stream to='example.org' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
        S: <?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0'>
        S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>
        C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>=</auth>
        S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        C: <?xml version='1.0'?><stream:stream
        S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s2' from='example.org' version='1.0'>
        S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
        C: <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
        S: <iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>nobody@example.org/1</jid></bind></iq>

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ScriptSplit.Whole)]
    [InlineData(ScriptSplit.AtTags)]
    [InlineData(ScriptSplit.Bytes)]
    public async Task Session_goes_the_same_way_however_it_is_split(ScriptSplit split)
    {
        var server = new ScriptedServer(
            Login + """
            S: <message from='juliet@example.org/b' type='chat'><body>w&#xF6;rds &amp; <![CDATA[<more>]]></body></message> <presence from='juliet@example.org/b'/>
            S: <iq type='get' id='q1' from='juliet@example.org/b'><query xmlns='urn:nobody:knows'/></iq>
            C: <iq to='juliet@example.org/b' id='q1' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            S: <iq type='set' id='q2' from='juliet@example.org/b'/>
            C: <iq to='juliet@example.org/b' id='q2' type='error'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            S: </stream:stream>
            C: </stream:stream>
            """,
            split);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token);
        var events = new List<XmppEvent>();
        await foreach (var next in client.ReadEventsAsync(Token))
        {
            events.Add(next);
        }

        await server.Done;
        Assert.Collection(
            events,
            e => Assert.Equal(Jid.Parse("nobody@example.org/1"), Assert.IsType<SessionStarted>(e).Jid),
            e => Assert.Equal("wörds & <more>", Assert.IsType<MessageReceived>(e).Message.Body),
            e => Assert.Equal(Jid.Parse("juliet@example.org/b"), Assert.IsType<PresenceReceived>(e).Presence.From),
            e => Assert.Equal(SessionEndReason.ClosedByServer, Assert.IsType<SessionEnded>(e).Reason));
    }

    [Theory]
    [InlineData("<message from='paris@example.org/x'><body>deep</body>{0}{1}</message>")]
    [InlineData("<presence from='paris@example.org/x'>{0}{1}</presence>")]
    [InlineData("<iq from='paris@example.org/x' type='get' id='i'>{0}{1}</iq>")]
    public async Task Stranger_cannot_end_the_session_with_what_breaks_a_limit(string excess)
    {
        var stanza = string.Format(
            CultureInfo.InvariantCulture, excess,
            string.Concat(Enumerable.Repeat("<a>", 100)), string.Concat(Enumerable.Repeat("</a>", 100)));
        var server = new ScriptedServer(Login + $"S: {stanza}<message from='juliet@example.org/b'><body>next</body></message>\n");
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token).Soon();
        await using var events = client.ReadEventsAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync().AsTask().Soon());
        Assert.IsType<SessionStarted>(events.Current);
        Assert.True(await events.MoveNextAsync().AsTask().Soon());
        Assert.Equal("next", Assert.IsType<MessageReceived>(events.Current).Message.Body);
    }

    [Fact]
    public async Task Dialer_of_the_options_opens_the_connection()
    {
        var server = new ScriptedServer(Login);
        var options = server.Options().UseScriptedServer(server);
        Assert.Null(options.Connector);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        await server.Done;
    }

    [Fact]
    public async Task Answer_from_a_stranger_is_no_answer()
    {
        var server = new ScriptedServer(
            Login + """
            C: <query xmlns='jabber:iq:version'/></iq>
            S: <iq type='result' id='{id}' from='stranger@example.org/x'/>
            S: <iq type='error' id='{id}' from='juliet@example.org/b'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """);
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token);
        var query = new Xml.XmppElement(new Xml.XmlName("jabber:iq:version", "query"));
        var error = await Assert.ThrowsAsync<XmppStanzaException>(() => client.RequestAsync(
            new Iq(IqType.Get, query) { To = Jid.Parse("juliet@example.org/b") }, cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.ItemNotFound, error.Error.Condition);
    }

    [Fact]
    public async Task Lost_session_fails_what_was_asked()
    {
        var server = new ScriptedServer(Login + "C: <query xmlns='jabber:iq:version'/></iq>\nS: !cut");
        await using var client = new XmppClient(server.Options());
        await client.ConnectAsync(Token);
        var query = new Xml.XmppElement(new Xml.XmlName("jabber:iq:version", "query"));
        await Assert.ThrowsAsync<XmppSessionLostException>(
            () => client.RequestAsync(new Iq(IqType.Get, query), cancellationToken: Token));
    }

    [Fact]
    public async Task Closing_says_goodbye_and_closes_the_stream()
    {
        var server = new ScriptedServer(Login + """
            C: <presence/>
            C: <presence type='unavailable'/></stream:stream>
            S: </stream:stream>
            """);
        await using var client = new XmppClient(server.Options(o => o.Presence = new PresenceOptions()));
        await client.ConnectAsync(Token);
        await client.CloseAsync(Token);
        await server.Done;
        Assert.Equal(SessionState.Closed, client.State);
    }
}
