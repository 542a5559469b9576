using XmppChatClient.Capabilities;
using XmppChatClient.Disco;

namespace XmppChatClient.Extensions.Tests;

// XEP-0115 v1.6.0 §5.2, §6.2
public sealed class CapabilitiesTests
{
    private const string Exodus = "hash='sha-1' node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='";

    private const string ExodusInfo =
        "<identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>";

    [Fact]
    public async Task Verified_answer_is_asked_once_for_everybody()
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "romeo@montague.example/orchard", Exodus);
        await AnnounceAsync(live, "benvolio@montague.example/street", Exodus);
        var asking = AskAsync(live, "romeo@montague.example/orchard");
        var request = await live.Server.SentAsync("iq");
        Assert.Equal("http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0=", request.Get<DiscoInfo>()!.Node);
        Answer(live, request, ExodusInfo);
        Assert.Contains("http://jabber.org/protocol/muc", (await asking).Features);
        Assert.Same(await asking, await AskAsync(live, "romeo@montague.example/orchard"));
        Assert.Same(await asking, await AskAsync(live, "benvolio@montague.example/street"));
    }

    [Fact]
    public async Task Who_asks_at_once_waits_for_one_answer()
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "romeo@montague.example/orchard", Exodus);
        await AnnounceAsync(live, "benvolio@montague.example/street", Exodus);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(LiveClient.Token);
        var first = live.Client.Get<CapabilitiesModule>().GetInfoAsync(Jid.Parse("romeo@montague.example/orchard"), cancel.Token);
        var others = Enumerable.Range(0, 20)
            .Select(i => AskAsync(live, i % 2 == 0 ? "romeo@montague.example/orchard" : "benvolio@montague.example/street")).ToList();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Answer(live, await live.Server.SentAsync("iq"), ExodusInfo);
        Assert.Single((await Task.WhenAll(others)).Distinct());

        // The next that is sent is not another question.
        Assert.Equal("result", (await NextSentAfterAPingAsync(live)).Attribute("type"));
    }

    [Theory]
    [InlineData("<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:evil'/></query>", "result")]
    [InlineData("<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", "error")]
    public async Task Bad_answer_is_the_answer_of_nobody_else_who_waits(string payload, string type)
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "mallory@evil.example/x", Exodus);
        await AnnounceAsync(live, "romeo@montague.example/orchard", Exodus);
        var mallory = AskAsync(live, "mallory@evil.example/x");
        var asked = await live.Server.SentAsync("iq");
        var romeo = AskAsync(live, "romeo@montague.example/orchard");
        live.Server.Send($"<iq type='{type}' from='mallory@evil.example/x' id='{asked.Attribute("id")}'>{payload}</iq>");
        var next = await live.Server.SentAsync("iq");
        Assert.Equal("romeo@montague.example/orchard", next.Attribute("to"));
        Answer(live, next, ExodusInfo);
        Assert.Contains("http://jabber.org/protocol/muc", (await romeo).Features);
        Assert.Equal(type == "error", await Record.ExceptionAsync(() => mallory) is XmppStanzaException);
    }

    // §8.1 of the security considerations: what does not hash to what was announced is believed of nobody else.
    [Theory]
    [InlineData(Exodus, ExodusInfo + "<feature var='urn:xmpp:evil'/>")]
    [InlineData("hash='sha-1' node='n' ver='AAAAAAAAAAAAAAAAAAAAAAAAAAA='", ExodusInfo)]
    [InlineData("hash='md5' node='n' ver='QgayPKawpkPSDYmwT/WM94uAlu0='", ExodusInfo)]
    [InlineData(Exodus, ExodusInfo + "<feature var='http://jabber.org/protocol/muc'/>")]
    public async Task Answer_that_does_not_verify_poisons_nothing(string announced, string info)
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "mallory@evil.example/x", announced);
        await AnnounceAsync(live, "romeo@montague.example/orchard", announced);
        foreach (var jid in (string[])["mallory@evil.example/x", "romeo@montague.example/orchard", "mallory@evil.example/x"])
        {
            var asking = AskAsync(live, jid);
            var request = await live.Server.SentAsync("iq");
            Assert.Equal(jid, request.Attribute("to"));
            Answer(live, request, info);
            Assert.NotEmpty((await asking).Features);
        }
    }

    [Fact]
    public async Task Whoever_announced_nothing_is_asked_about_everything()
    {
        await using var live = await LiveClient.ConnectAsync();
        var asking = AskAsync(live, "romeo@montague.example/orchard");
        var request = await live.Server.SentAsync("iq");
        Assert.Null(request.Get<DiscoInfo>()!.Node);
        Answer(live, request, ExodusInfo);
        await asking;
    }

    [Theory]
    [InlineData("<presence from='romeo@montague.example/orchard' type='unavailable'/>", false)]
    [InlineData("<presence from='romeo@montague.example/orchard' type='error'/>", true)]
    [InlineData("<presence from='romeo@montague.example/orchard'/>", true)]
    [InlineData("<presence from='romeo@montague.example/street' type='unavailable'/>", true)]
    public async Task Announcement_lasts_as_long_as_the_presence(string presence, bool lasts)
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "romeo@montague.example/orchard", Exodus);
        live.Server.Send(presence);
        await live.Server.SettleAsync();
        Assert.Equal(lasts, Announced(live, "romeo@montague.example/orchard") is not null);
    }

    [Fact]
    public async Task Announcements_end_with_the_session()
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "romeo@montague.example/orchard", Exodus);
        live.Server.Drop();
        await live.EventAsync<SessionEnded>();
        Assert.Null(Announced(live, "romeo@montague.example/orchard"));
    }

    [Fact]
    public async Task Announcement_longer_than_any_honest_one_is_not_kept()
    {
        await using var live = await LiveClient.ConnectAsync();
        await AnnounceAsync(live, "mallory@evil.example/x", $"hash='sha-1' node='{new string('n', 5000)}' ver='v'");
        Assert.Null(Announced(live, "mallory@evil.example/x"));
    }

    [Fact]
    public async Task Full_cache_makes_room_for_new_answers()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Limits.Inbox = 10_000);
        for (var i = 0; i <= CapabilitiesModule.MostAnswers; i++)
        {
            var content = $"<feature var='f{i}'/>";
            var info = Wire.Read<DiscoInfo>($"<query xmlns='http://jabber.org/protocol/disco#info'>{content}</query>")!;
            live.Server.Send($"<presence from='a@example.org/{i}'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='{CapabilitiesHash.Compute(info, "sha-1")}'/></presence>");
            await live.Server.SettleAsync();
            var asking = AskAsync(live, $"a@example.org/{i}");
            Answer(live, await live.Server.SentAsync("iq"), content);
            await asking;
        }

        Assert.Equal([$"f{CapabilitiesModule.MostAnswers}"], (await AskAsync(live, $"a@example.org/{CapabilitiesModule.MostAnswers}")).Features);
    }

    private static async Task AnnounceAsync(LiveClient live, string from, string capabilities)
    {
        live.Server.Send($"<presence from='{from}'><c xmlns='http://jabber.org/protocol/caps' {capabilities}/></presence>");
        await live.Server.SettleAsync();
    }

    private static async Task<Xml.XmppElement> NextSentAfterAPingAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='ping' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        return await live.Server.NextAsync();
    }

    private static EntityCapabilities? Announced(LiveClient live, string jid) =>
        live.Client.Get<CapabilitiesModule>().Announced(Jid.Parse(jid));

    private static Task<DiscoInfo> AskAsync(LiveClient live, string jid) =>
        live.Client.Get<CapabilitiesModule>().GetInfoAsync(Jid.Parse(jid), LiveClient.Token).WaitAsync(Hang.Limit);

    private static void Answer(LiveClient live, Xml.XmppElement request, string content) => live.Server.Send(
        $"<iq type='result' from='{request.Attribute("to")}' id='{request.Attribute("id")}'><query xmlns='http://jabber.org/protocol/disco#info'>{content}</query></iq>");
}
