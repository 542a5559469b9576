using XmppChatClient.Capabilities;
using XmppChatClient.Disco;
using XmppChatClient.EntityTime;
using XmppChatClient.Ping;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Extensions.Tests;

/// <summary>What others may ask of us, and we of them.</summary>
public sealed class DiscoveryTests
{
    private const string InfoSpace = "http://jabber.org/protocol/disco#info";
    private const string ItemsSpace = "http://jabber.org/protocol/disco#items";

    private static readonly Jid Juliet = Jid.Parse("juliet@capulet.example/balcony");

    [Theory]
    [InlineData("<ping xmlns='urn:xmpp:ping'/>", "")]
    [InlineData("<query xmlns='http://jabber.org/protocol/disco#items'/>", "<query xmlns='http://jabber.org/protocol/disco#items'/>")]
    [InlineData("<query xmlns='jabber:iq:version'/>", "<query xmlns='jabber:iq:version'><name>Echo</name><version>1.2</version></query>")]
    [InlineData("<time xmlns='urn:xmpp:time'/>", "<time xmlns='urn:xmpp:time'><tzo>+05:30</tzo><utc>2000-01-01T00:00:00Z</utc></time>")]
    [InlineData(
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='bot' name='XmppChatClient'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:version'/><feature var='urn:xmpp:ping'/><feature var='urn:xmpp:receipts'/><feature var='urn:xmpp:time'/></query>")]
    public async Task Question_is_answered(string question, string answer)
    {
        await using var live = LiveClient.Create(o =>
        {
            o.Ensure<SoftwareVersionModule>().Product = "Echo";
            o.Ensure<SoftwareVersionModule>().Version = "1.2";
        });
        live.Clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(5.5), null, null));
        await live.Client.ConnectAsync(LiveClient.Token);
        var result = await live.Server.AskAsync(question, from: $"from='{Juliet}'");
        Assert.Equal(("result", Juliet.ToString()), (result.Attribute("type"), result.Attribute("to")));
        Assert.Equal(answer, string.Concat(result.Elements.ToArray().Select(e => e.ToString())));
    }

    [Theory]
    [InlineData("<query xmlns='http://jabber.org/protocol/disco#info' node='unknown'/>", "get", "cancel", "item-not-found")]
    [InlineData("<query xmlns='http://jabber.org/protocol/disco#items' node='unknown'/>", "get", "cancel", "item-not-found")]
    [InlineData("<query xmlns='http://jabber.org/protocol/disco#info'><feature/></query>", "get", "modify", "bad-request")]
    [InlineData("<time xmlns='urn:xmpp:time'><utc>now</utc></time>", "get", "modify", "bad-request")]
    [InlineData("<ping xmlns='urn:xmpp:ping'/>", "set", "cancel", "service-unavailable")]
    [InlineData("<query xmlns='jabber:iq:version'/>", "set", "cancel", "service-unavailable")]
    [InlineData("<query xmlns='jabber:iq:unknown'/>", "get", "cancel", "service-unavailable")]
    [InlineData("<ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/>", "get", "modify", "bad-request")]
    [InlineData("", "get", "modify", "bad-request")]
    public async Task Question_that_makes_no_sense_is_refused(string question, string type, string errorType, string condition)
    {
        await using var live = await LiveClient.ConnectAsync();
        var error = await live.Server.AskAsync(question, type);
        Assert.Equal("error", error.Attribute("type"));
        Assert.Equal(
            $"<error xmlns='jabber:client' type='{errorType}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
            error.Element(StanzaError.Name)!.ToString());
    }

    // XEP-0115 §6.2
    [Fact]
    public async Task Announced_capabilities_are_those_that_are_answered_under_their_node()
    {
        await using var live = LiveClient.Create(o => o.Ensure<CapabilitiesModule>().Node = "http://bot.example/");
        await live.Client.ConnectAsync(LiveClient.Token);
        var announced = (await live.Server.SentAsync("presence")).Get<EntityCapabilities>()!;
        Assert.Equal(("sha-1", "http://bot.example/"), (announced.Hash, announced.Node));
        var answer = await live.Server.AskAsync($"<query xmlns='{InfoSpace}' node='{announced.Node}#{announced.Verification}'/>");
        var info = answer.Get<DiscoInfo>()!;
        Assert.Equal($"{announced.Node}#{announced.Verification}", info.Node);
        Assert.Equal(announced.Verification, CapabilitiesHash.Compute(info, "sha-1"));
        var stale = await live.Server.AskAsync($"<query xmlns='{InfoSpace}' node='{announced.Node}#stale'/>");
        Assert.Equal(StanzaErrorCondition.ItemNotFound, stale.Get<StanzaError>()!.Condition);
    }

    [Theory]
    [InlineData(PresenceType.Available, true)]
    [InlineData(PresenceType.Subscribe, false)]
    [InlineData(PresenceType.Unavailable, false)]
    public async Task Capabilities_go_with_available_presence_only(PresenceType type, bool announced)
    {
        await using var live = await LiveClient.ConnectAsync();
        await live.Client.SendAsync(new Presence { Type = type, To = Juliet }, LiveClient.Token);
        Assert.Equal(announced, (await live.Server.NextAsync()).Get<EntityCapabilities>() is not null);
    }

    [Fact]
    public async Task Others_are_asked_and_their_answers_read()
    {
        await using var live = await LiveClient.ConnectAsync();
        var client = live.Client;
        var version = client.Get<SoftwareVersionModule>().GetAsync(Juliet, LiveClient.Token);
        await AnswerAsync(live, Juliet, "<query xmlns='jabber:iq:version'/>", "<query xmlns='jabber:iq:version'><name>Exodus</name><version>1</version></query>");
        Assert.Equal(new VersionQuery("Exodus", "1"), await version);

        var time = client.Get<EntityTimeModule>().GetAsync(null, LiveClient.Token);
        await AnswerAsync(live, Jid.Parse("example.org"), "<time xmlns='urn:xmpp:time'/>", "<time xmlns='urn:xmpp:time'><tzo>Z</tzo><utc>2006-12-19T17:58:35Z</utc></time>");
        Assert.Equal(new DateTimeOffset(2006, 12, 19, 17, 58, 35, TimeSpan.Zero), await time);

        var info = client.Get<DiscoModule>().GetInfoAsync(Juliet, "n", LiveClient.Token);
        await AnswerAsync(live, Juliet, $"<query xmlns='{InfoSpace}' node='n'/>", $"<query xmlns='{InfoSpace}'><feature var='f'/></query>");
        Assert.Equal(["f"], (await info).Features);

        var items = client.Get<DiscoModule>().GetItemsAsync(Juliet, null, LiveClient.Token);
        await AnswerAsync(live, Juliet, $"<query xmlns='{ItemsSpace}'/>", $"<query xmlns='{ItemsSpace}'><item jid='a.example'/></query>");
        Assert.Equal("a.example", Assert.Single((await items).Items).Jid.ToString());

        var ping = client.Get<PingModule>().PingAsync(Juliet, cancellationToken: LiveClient.Token);
        live.Clock.Advance(TimeSpan.FromMilliseconds(120));
        await AnswerAsync(live, Juliet, "<ping xmlns='urn:xmpp:ping'/>", "");
        Assert.Equal(TimeSpan.FromMilliseconds(120), await ping);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<query xmlns='jabber:iq:other'/>")]
    public async Task Malformed_answer_is_an_error(string answer)
    {
        await using var live = await LiveClient.ConnectAsync();
        Func<Task>[] questions =
        [
            () => live.Client.Get<SoftwareVersionModule>().GetAsync(Juliet, LiveClient.Token),
            () => live.Client.Get<EntityTimeModule>().GetAsync(Juliet, LiveClient.Token),
            () => live.Client.Get<DiscoModule>().GetInfoAsync(Juliet, null, LiveClient.Token),
            () => live.Client.Get<DiscoModule>().GetItemsAsync(Juliet, null, LiveClient.Token),
        ];
        foreach (var question in questions)
        {
            var asking = question();
            await AnswerAsync(live, Juliet, null, answer);
            Assert.Contains(Juliet.ToString(), (await Assert.ThrowsAsync<XmppException>(() => asking)).Message, StringComparison.Ordinal);
        }
    }

    private static async Task AnswerAsync(LiveClient live, Jid from, string? question, string answer)
    {
        var request = await live.Server.SentAsync("iq");
        Assert.Equal(("get", from.ToString()), (request.Attribute("type"), request.Attribute("to")));
        if (question is not null)
        {
            Assert.Equal(question, Assert.Single(request.Elements.ToArray()).ToString());
        }

        live.Server.Send($"<iq type='result' from='{from}' id='{request.Attribute("id")}'>{answer}</iq>");
    }
}
