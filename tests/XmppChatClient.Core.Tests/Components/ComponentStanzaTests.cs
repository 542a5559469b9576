using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests.Components;

public sealed class ComponentStanzaTests
{
    private const string End = "C: </stream:stream>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stanzas_that_come_are_as_on_any_stream()
    {
        const string Sent =
            "<message from='juliet@example.org/balcony' to='riddle@quiz.example.org' type='chat' id='m1'><body>hello</body><thread>t</thread>"
            + "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='x@example.org'><body>inner</body></message></forwarded></message>";
        var server = new ScriptedServer($"{ComponentScripts.Login}S: {Sent}\n{End}");
        await using var client = await server.ConnectAsync(Token);
        var message = ((MessageReceived)await NextAsync(client)).Message;
        Assert.Equal("riddle@quiz.example.org", message.To?.ToString());
        Assert.Equal("juliet@example.org/balcony", message.From?.ToString());
        Assert.Equal(("hello", "t"), (message.Body, message.Thread));
        var forwarded = Assert.IsType<XmppElement>(Assert.Single(message.Payloads));
        Assert.Equal("inner", forwarded.Element(new XmlName("jabber:client", "message"))?.Element(new XmlName("jabber:client", "body"))?.Text);
    }

    // A prefix, or a declaration of its own, says the same.
    [Theory]
    [InlineData("<message xmlns='jabber:component:accept' from='a@example.org' to='b@quiz.example.org'><body>hello</body></message>")]
    [InlineData("<c:message xmlns:c='jabber:component:accept' from='a@example.org' to='b@quiz.example.org'><c:body>hello</c:body></c:message>")]
    [InlineData("<message xmlns='jabber:client' from='a@example.org' to='b@quiz.example.org'><body>hello</body></message>")]
    public async Task Namespace_may_be_said_in_another_way(string sent)
    {
        await using var client = await new ScriptedServer($"{ComponentScripts.Login}S: {sent}").ConnectAsync(Token);
        Assert.Equal("hello", ((MessageReceived)await NextAsync(client)).Message.Body);
    }

    [Theory]
    [InlineData("<message to='quiz.example.org'><body>from nobody</body></message>")]
    [InlineData("<message from='juliet@example.org'><body>to nobody</body></message>")]
    [InlineData("<message from='juliet@example.org' to='quiz.example.com'><body>to others</body></message>")]
    [InlineData("<message from='juliet@example.org' to='example.org'><body>to the server</body></message>")]
    [InlineData("<message from='@' to='quiz.example.org'><body>from no address</body></message>")]
    [InlineData("<iq type='get' id='1' to='quiz.example.org'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [InlineData("<handshake/>")]
    [InlineData("<stray xmlns='urn:example'/>")]
    public async Task What_is_not_for_us_is_passed_over(string sent)
    {
        var server = new ScriptedServer(
            $"{ComponentScripts.Login}S: {sent}\nS: <presence from='juliet@example.org/a' to='quiz.example.org'/>\n{End}");
        await using var client = await server.ConnectAsync(Token);
        Assert.IsType<PresenceReceived>(await NextAsync(client));
        await client.CloseAsync(Token);
        await server.Done;
        Assert.DoesNotContain("<iq", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sender_is_the_domain_unless_it_is_another_address_in_it()
    {
        var server = new ScriptedServer(
            ComponentScripts.Login
            + "C: <message from='quiz.example.org' to='juliet@example.org' id='1' type='chat'><body>a</body></message>\n"
            + "C: <presence from='riddle@quiz.example.org/x' to='juliet@example.org' id='2'/>\n" + End);
        await using var client = await server.ConnectAsync(Token);
        var juliet = Jid.Parse("juliet@example.org");
        await client.SendAsync(new Message { To = juliet, Id = "1", Type = MessageType.Chat, Body = "a" }, Token);
        await client.SendAsync(new Presence { From = Jid.Parse("riddle@quiz.example.org/x"), To = juliet, Id = "2" }, Token);
        await client.CloseAsync(Token);
        await server.Done;
    }

    [Theory]
    [InlineData("juliet@example.org", "riddle@example.org")]
    [InlineData("juliet@example.org", "sub.quiz.example.org")]
    [InlineData(null, null)]
    public async Task Foreign_sender_and_no_receiver_are_the_callers_mistake(string? to, string? from)
    {
        var server = new ScriptedServer(ComponentScripts.Login + End);
        await using var client = await server.ConnectAsync(Token);
        var message = new Message { To = to is null ? null : Jid.Parse(to), From = from is null ? null : Jid.Parse(from) };
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.SendAsync(message, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.RequestAsync(
            new Iq(IqType.Get, new XmppElement(new XmlName("urn:example", "q"))) { To = message.To, From = message.From }, cancellationToken: Token));
        await client.CloseAsync(Token);
        await server.Done;
        Assert.DoesNotContain("<message", server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("<iq", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("riddle@quiz.example.org/desk")]
    [InlineData("riddle@quiz.example.org")]
    [InlineData("quiz.example.org")]
    public async Task Answers_come_from_the_address_that_was_asked(string address)
    {
        var server = new ScriptedServer(
            ComponentScripts.Login
            + $"S: <iq type='get' id='q1' from='juliet@example.org/a' to='{address}'><unknown xmlns='urn:example'/></iq>\n"
            + $"C: <iq from='{address}' to='juliet@example.org/a' id='q1' type='error'>\n"
            + $"S: <message type='chat' from='juliet@example.org/a' to='{address}'><body>hello</body></message>\n"
            + $"C: <message from='{address}' to='juliet@example.org/a'\n" + End);
        await using var client = await server.ConnectAsync(Token);
        var message = ((MessageReceived)await NextAsync(client)).Message;
        Assert.Equal(address, client.AnswersFrom(message)?.ToString());
        await client.ReplyAsync(message, "hello", Token);
        await client.CloseAsync(Token);
        await server.Done;
    }

    [Fact]
    public async Task Answer_to_a_request_comes_back()
    {
        var server = new ScriptedServer(
            ComponentScripts.Login
            + "C: <iq from='riddle@quiz.example.org' to='juliet@example.org/a' id='r1' type='get'>\n"
            + "S: <iq type='result' id='r1' from='mercutio@example.org/a' to='riddle@quiz.example.org'/>\n"
            + "S: <iq type='error' id='r1' from='juliet@example.org/a' to='riddle@quiz.example.org'><error type='cancel'>"
            + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>\n" + End);
        await using var client = await server.ConnectAsync(Token);
        var error = await Assert.ThrowsAsync<XmppStanzaException>(() => client.RequestAsync(
            new Iq(IqType.Get, new XmppElement(new XmlName("urn:example", "q")))
            {
                Id = "r1",
                From = Jid.Parse("riddle@quiz.example.org"),
                To = Jid.Parse("juliet@example.org/a"),
            },
            cancellationToken: Token));
        Assert.Equal(StanzaErrorCondition.ItemNotFound, error.Error.Condition);
    }

    [Fact]
    public async Task Who_takes_our_place_ends_it_for_good()
    {
        var server = new ScriptedServer(ComponentScripts.Login + ComponentScripts.Error("conflict"));
        var options = server.Options(o => o.Reconnect.Enabled = true);
        await using var client = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.RunAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.False(error.IsTransient);
    }

    private static async Task<XmppEvent> NextAsync(XmppClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Hang.Limit);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            if (next is not SessionStarted)
            {
                return next;
            }
        }

        throw new InvalidOperationException("Nothing came.");
    }
}
