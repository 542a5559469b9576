using XmppChatClient.Stanzas;
using XmppChatClient.Storage;
using XmppChatClient.Streams;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests;

/// <summary>XEP-0478: what is too long for the server is not sent to it.</summary>
public sealed class StreamLimitTests
{
    private const int Most = 10_000;

    private static readonly XmppTestServerOptions Small = new() { Limits = new XmppTestServerLimits { StanzaBytes = Most } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<max-bytes>10000</max-bytes><idle-seconds>1800</idle-seconds>", 10_000L, 1_800.0)]
    [InlineData("<idle-seconds>4294967295</idle-seconds>", null, 4_294_967_295.0)]
    [InlineData("<max-bytes> 4294967295 </max-bytes>", 4_294_967_295L, null)]
    [InlineData("", null, null)]
    [InlineData("<max-bytes>40</max-bytes>", 10_000L, null)]
    [InlineData("<max-bytes>0</max-bytes><idle-seconds>0</idle-seconds>", null, null)]
    [InlineData("<max-bytes>-1</max-bytes><idle-seconds>1e9</idle-seconds>", null, null)]
    [InlineData("<max-bytes>4294967296</max-bytes><idle-seconds/>", null, null)]
    [InlineData("<max-bytes xmlns='urn:other'>1</max-bytes>", null, null)]
    public void Limits_are_numbers_or_none(string xml, long? bytes, double? seconds)
    {
        var limits = StreamLimits.Read(XmppElement.Parse($"<limits xmlns='urn:xmpp:stream-limits:0'>{xml}</limits>"))!;
        Assert.Equal((bytes, seconds), (limits.MaxBytes, limits.Idle?.TotalSeconds));
        Assert.Equal(limits, StreamLimits.Read(XmppElement.From(limits)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stanza_of_the_size_that_the_server_takes_is_sent_and_a_longer_one_is_not(bool isManaged)
    {
        await using var server = await XmppTestServer.StartAsync(Small, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.StreamManagement.Enabled = isManaged);
        var longest = LongestTo(juliet.Jid);
        await live.Client.SendAsync(longest, Token);
        Assert.Equal(longest.Body, (await juliet.ReceiveAsync(Token)).Body);

        var error = await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            async () => await live.Client.SendAsync(longest with { Body = longest.Body + "x" }, Token));
        Assert.Equal((Most + 1, Most, false), (error.Bytes, error.Limit, error.IsTransient));
        await live.Client.SendAsync(juliet.Jid, "and on", Token);
        Assert.Equal("and on", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal(SessionState.Online, live.Client.State);
    }

    // Anybody could have written it (RFC 6120 §5.4.3.3).
    [Fact]
    public async Task What_was_said_before_TLS_is_forgotten()
    {
        var silent = new XmppTestServerOptions { Limits = new XmppTestServerLimits { Announce = false } };
        await using var server = await XmppTestServer.StartAsync(silent, Token);
        var changed = 0;
        await using var live = await LiveClient.ConnectAsync(server, null, o => _ = new WireTap(o)
        {
            Change = element =>
            {
                if (element.Element(new XmlName("urn:ietf:params:xml:ns:xmpp-tls", "starttls")) is null)
                {
                    return element;
                }

                changed++;
                XmlNode limits = XmppElement.From(new StreamLimits(10_000, TimeSpan.FromSeconds(1)));
                return new XmppElement(element.Name, element.Attributes, [.. element.Content, limits]);
            },
        });
        Assert.Equal(1, changed);
        Assert.Null(live.Client.StreamLimits);
    }

    [Fact]
    public async Task Server_that_says_nothing_is_sent_everything()
    {
        var silent = new XmppTestServerOptions { Limits = new XmppTestServerLimits { Announce = false } };
        await using var server = await XmppTestServer.StartAsync(silent, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await live.Client.SendAsync(juliet.Jid, new string('x', 200_000), Token);
        Assert.Equal(200_000, (await juliet.ReceiveAsync(Token)).Body!.Length);
    }

    [Fact]
    public async Task Request_is_refused_and_an_answer_that_is_too_long_is_an_error()
    {
        await using var server = await XmppTestServer.StartAsync(Small, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(new Verbose()));
        var blob = Verbose.Blob;
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            () => live.Client.RequestAsync(new Iq(IqType.Set, blob) { To = juliet.Jid }, cancellationToken: Token));

        await juliet.SendXmlAsync($"<iq type='get' id='1' to='{live.Client.Jid}'><query xmlns='urn:test'/></iq>", Token);
        var answer = await juliet.ReceiveXmlAsync(Token);
        Assert.Equal("1", answer.Attribute("id"));
        Assert.Equal(StanzaErrorCondition.PolicyViolation, answer.Get<StanzaError>()!.Condition);
    }

    [Fact]
    public async Task What_waits_for_a_connection_is_refused_at_once()
    {
        await using var server = await XmppTestServer.StartAsync(Small, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.DropConnections(live.Account);
        var ended = await live.EventAsync<SessionEnded>();
        var longest = LongestTo(juliet.Jid);
        await live.Client.SendAsync(longest, Token);
        await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            async () => await live.Client.SendAsync(longest with { Body = longest.Body + "x" }, Token));
        live.Clock.Advance(ended.RetryIn!.Value);
        Assert.Equal(longest.Body, (await juliet.ReceiveAsync(Token)).Body);
    }

    // Accepted before anybody knew the server's limit.
    [Fact]
    public async Task Stored_message_that_turns_out_to_be_too_long_is_lost_and_the_others_are_sent()
    {
        await using var server = await XmppTestServer.StartAsync(Small, Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var live = LiveClient.Create(server, o => o.Store = new MemoryStore());
        using (server.Faults.StripMechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"))
        {
            await Assert.ThrowsAsync<XmppAuthenticationException>(() => live.Client.ConnectAsync(Token).Soon());
        }

        await live.Client.SendAsync(juliet.Jid, "first", Token);
        var tooLong = await live.Client.SendAsync(juliet.Jid, new string('x', Most), Token);
        await live.Client.SendAsync(juliet.Jid, "last", Token);
        await live.Client.ConnectAsync(Token).Soon();
        Assert.Equal("first", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal("last", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal(SendState.Lost, await tooLong.SettledAsync(Token).Soon());
        Assert.IsType<XmppStanzaTooLargeException>(tooLong.Error);
    }

    // With an id, so that its size is known.
    private static Message LongestTo(Jid to)
    {
        var message = new Message { Id = "1", To = to, Type = MessageType.Chat, Body = "" };
        var length = XmlStreamWriter.ToText(message with { Body = "é" }).Length + 1;
        return message with { Body = "é" + new string('x', Most - length) };
    }

    /// <summary>Answers with more than is asked for.</summary>
    private sealed class Verbose : Modules.IXmppModule
    {
        public static XmppElement Blob { get; } = new(FakePayload.Name, new string('x', Most));

        public void Register(Modules.ModuleBuilder module) =>
            module.OnIq<FakePayload>(IqType.Get, (_, _, _) => new ValueTask<IPayload?>(Blob));
    }
}
