using System.Text;

namespace XmppChatClient.Testing.Tests;

public sealed class ScriptedServerTests
{
    private const string Header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='example.test' version='1.0'>";

    private const string Login = $$"""
        C: version='1.0'
        S: {{Header}}
        S: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>
        C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: !tls
        C: version='1.0'
        S: {{Header}}
        S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms></stream:features>
        C: </auth>
        S: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-first}</challenge>
        C: </response>
        S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-final}</success>
        C: version='1.0'
        S: {{Header}}
        S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
        C: </iq>
        S: <iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@example.test/1</jid></bind></iq>

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ScriptSplit.Whole)]
    [InlineData(ScriptSplit.AtTags)]
    [InlineData(ScriptSplit.Bytes)]
    public async Task Script_is_played_with_tls_and_scram_however_it_is_split(ScriptSplit split)
    {
        var script = new ScriptedServer(Login + "S: <message><body>hello</body></message>", split) { Scram = new ScriptedScram("secret") };
        await using var client = new XmppClient(Options().UseScriptedServer(script));
        await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
        await script.Done.WaitAsync(Hang.Limit, Token);
        await foreach (var message in client.ReadMessagesAsync(Token))
        {
            Assert.Equal("hello", message.Body);
            break;
        }

        Assert.Contains("mechanism='SCRAM-SHA-", script.Received, StringComparison.Ordinal);
        await client.CloseAsync(Token).WaitAsync(Hang.Limit, Token);
        await script.HungUp.WaitAsync(Hang.Limit, Token);
    }

    [Theory]
    [InlineData(ScriptSplit.Whole, "<a><b/></a>")]
    [InlineData(ScriptSplit.AtTags, "<a>", "<b/>", "</a>")]
    [InlineData(ScriptSplit.Bytes, "<", "a", ">", "<", "b", "/", ">", "<", "/", "a", ">")]
    public async Task Reads_are_cut_as_the_split_says(ScriptSplit split, params string[] reads)
    {
        var script = new ScriptedServer("S: <a><b/></a>\nS: !cut", split);
        Assert.Equal(reads, await ReadAsync(script));
        Assert.Equal("<a><b/></a>".Length, script.BytesSent);
    }

    [Fact]
    public async Task Two_reads_meet_where_the_split_is() => Assert.Equal(
        ["<a><", "b/></a>"], await ReadAsync(new ScriptedServer("S: <a><b/></a>\nS: !cut") { SplitAt = 4 }));

    [Fact]
    public async Task Wrong_password_is_told_as_scram_tells_it()
    {
        var script = new ScriptedServer(Login) { Scram = new ScriptedScram("another") };
        await using var client = new XmppClient(Options().UseScriptedServer(script));
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
    }

    [Fact]
    public async Task Client_that_says_something_else_fails_the_script_without_its_secrets()
    {
        var script = new ScriptedServer("C: <never/>");
        await using (var stream = script.Connect())
        {
            await stream.WriteAsync("<x/><auth mechanism='PLAIN'>AGJvdABzZWNyZXQ=</auth><response xmlns='a'>c2VjcmV0</response>"u8.ToArray(), Token);
        }

        var failure = await Assert.ThrowsAsync<TestServerException>(() => script.Done.WaitAsync(Hang.Limit, Token));
        Assert.Equal(
            "The client never sent <never/>; it sent:\n<x/><auth mechanism='PLAIN'>[redacted]</auth><response xmlns='a'>[redacted]</response>",
            failure.Message);
    }

    [Fact]
    public async Task Connection_that_nobody_takes_is_a_lost_one()
    {
        var script = new ScriptedServer("S: !cut") { Next = new ScriptedServer("S: !cut") };
        await using var client = new XmppClient(Options().UseScriptedServer(script));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        }
    }

    [Theory]
    [InlineData("S: !tls", "certificate")]
    [InlineData("C: </auth>\nS: {scram-first}", "password")]
    public async Task Script_that_lacks_something_says_what(string lines, string what)
    {
        var script = new ScriptedServer(lines);
        await using var stream = script.Connect();
        await stream.WriteAsync("<auth mechanism='SCRAM-SHA-1'>biws</auth>"u8.ToArray(), Token);
        Assert.Contains(
            what, (await Assert.ThrowsAsync<TestServerException>(() => script.Done.WaitAsync(Hang.Limit, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_of_nobody_is_a_mistake() => Assert.Contains(
        "X: <a/>", Assert.Throws<ArgumentException>(() => new ScriptedServer("C: <a/>\nX: <a/>")).Message, StringComparison.Ordinal);

    [Fact]
    public void Certificate_is_made_for_a_domain_that_must_be_known() =>
        Assert.Throws<ArgumentException>(() => new XmppClientOptions().UseScriptedServer(new ScriptedServer("S: !tls")));

    private static XmppClientOptions Options()
    {
        var options = new XmppClientOptions { Jid = Jid.Parse("alice@example.test"), Password = "secret" };
        options.Reconnect.Enabled = false;
        return options;
    }

    // The reads up to the end, each of which gets what has come by then: all of it.
    private static async Task<string[]> ReadAsync(ScriptedServer script)
    {
        await using var stream = script.Connect();
        await script.Done.WaitAsync(Hang.Limit, Token);
        var reads = new List<string>();
        var buffer = new byte[100];
        while (await stream.ReadAsync(buffer, Token) is var count and > 0)
        {
            reads.Add(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return [.. reads];
    }
}
