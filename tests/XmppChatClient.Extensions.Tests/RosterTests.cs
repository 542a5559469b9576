using XmppChatClient.Roster;

namespace XmppChatClient.Extensions.Tests;

// RFC 6121 §2
public sealed class RosterTests
{
    private const string Versioning = "<ver xmlns='urn:xmpp:features:rosterver'/>";
    private const string Nurse = "<item jid='nurse@example.com' name='Nurse' subscription='both'><group>Servants</group></item>";
    private const string Romeo = "<item jid='romeo@example.net' subscription='from'/>";

    [Fact]
    public async Task Roster_is_loaded_before_the_first_presence()
    {
        await using var live = LiveClient.Create();
        await StartAsync(live, $"<query xmlns='jabber:iq:roster'>{Nurse}{Romeo}<item jid='gone@example.org' subscription='remove'/></query>", version: null);
        Assert.Equal("presence", (await live.Server.NextAsync()).Name.LocalName);
        Assert.Equal(["nurse@example.com", "romeo@example.net"], Contacts(live));
        var nurse = live.Client.Get<RosterModule>().Items[Jid.Parse("nurse@example.com")];
        Assert.Equal(("Nurse", RosterSubscription.Both, "Servants"), (nurse.Name, nurse.Subscription, Assert.Single(nurse.Groups)));
    }

    [Fact]
    public async Task Known_version_is_kept_over_sessions_with_what_was_pushed()
    {
        await using var live = LiveClient.Create();
        live.Server.Features = Versioning;
        await StartAsync(live, $"<query xmlns='jabber:iq:roster' ver='ver1'>{Nurse}</query>", version: "");
        await live.Server.AskAsync($"<query xmlns='jabber:iq:roster' ver='ver2'>{Romeo}</query>", "set", "");
        await ReconnectAsync(live, "", version: "ver2");
        Assert.Equal(["nurse@example.com", "romeo@example.net"], Contacts(live));
        await ReconnectAsync(live, $"<query xmlns='jabber:iq:roster' ver='ver3'>{Romeo}</query>", version: "ver2");
        Assert.Equal(["romeo@example.net"], Contacts(live));
        Assert.Equal("ver3", live.Client.Get<RosterModule>().Version);
    }

    // §2.1.6: from the account itself, or without a sender.
    [Theory]
    [InlineData("")]
    [InlineData("from='bot@example.org'")]
    public async Task Push_from_our_account_changes_the_roster(string from)
    {
        await using var live = await LiveClient.ConnectAsync();
        var answer = await live.Server.AskAsync($"<query xmlns='jabber:iq:roster'>{Nurse}</query>", "set", from);
        Assert.Equal(("result", true), (answer.Attribute("type"), answer.Content.IsEmpty));
        Assert.Equal(["nurse@example.com"], Contacts(live));
        await live.Server.AskAsync("<query xmlns='jabber:iq:roster'><item jid='nurse@example.com' subscription='remove'/></query>", "set", from);
        Assert.Empty(Contacts(live));
    }

    [Theory]
    [InlineData("from='mallory@example.org'")]
    [InlineData("from='mallory@evil.example/bot'")]
    [InlineData("from='example.org'")]
    [InlineData("from='bot@example.org/2'")]
    public async Task Push_from_a_stranger_is_refused_and_ignored(string from)
    {
        await using var live = await LiveClient.ConnectAsync();
        var answer = await live.Server.AskAsync($"<query xmlns='jabber:iq:roster' ver='evil'>{Nurse}</query>", "set", from);
        Assert.Equal("error", answer.Attribute("type"));
        Assert.Contains("<service-unavailable", answer.ToString(), StringComparison.Ordinal);
        Assert.Empty(Contacts(live));
        Assert.Equal("", live.Client.Get<RosterModule>().Version);
    }

    [Theory]
    [InlineData(Nurse + Romeo)]
    [InlineData("")]
    [InlineData("<item jid='@'/>")]
    public async Task Push_of_other_than_one_item_is_refused(string items)
    {
        await using var live = await LiveClient.ConnectAsync();
        var answer = await live.Server.AskAsync($"<query xmlns='jabber:iq:roster'>{items}</query>", "set", "");
        Assert.Contains("<bad-request", answer.ToString(), StringComparison.Ordinal);
        Assert.Empty(Contacts(live));
    }

    // The read loop takes the push while the answer is still on its way to whoever asked for the roster.
    [Fact]
    public async Task Push_right_behind_the_roster_is_not_lost()
    {
        await using var live = LiveClient.Create();
        live.Server.Features = Versioning;
        live.Server.LeaveRoster = true;
        var connecting = live.Client.ConnectAsync(LiveClient.Token);
        var request = await live.Server.SentAsync("iq");
        live.Server.Send(
            $"<iq type='result' id='{request.Attribute("id")}'><query xmlns='jabber:iq:roster' ver='ver1'>{Nurse}</query></iq>"
            + $"<iq type='set' id='p'><query xmlns='jabber:iq:roster' ver='ver2'>{Romeo}</query></iq>"
            + "<iq type='set' id='q'><query xmlns='jabber:iq:roster' ver='ver3'><item jid='nurse@example.com' subscription='remove'/></query></iq>");
        await connecting;
        await live.Server.SentAsync(e => e.Attribute("id") == "q");
        Assert.Equal(["romeo@example.net"], Contacts(live));
        Assert.Equal("ver3", live.Client.Get<RosterModule>().Version);
    }

    [Fact]
    public async Task Roster_that_is_refused_does_not_end_the_session()
    {
        await using var live = LiveClient.Create();
        live.Server.LeaveRoster = true;
        var connecting = live.Client.ConnectAsync(LiveClient.Token);
        var request = await live.Server.SentAsync("iq");
        live.Server.Send($"<iq type='error' id='{request.Attribute("id")}'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        await connecting;
        await live.Server.AskAsync($"<query xmlns='jabber:iq:roster'>{Nurse}</query>", "set", "");
        Assert.Equal(["nurse@example.com"], Contacts(live));
    }

    [Fact]
    public async Task Contact_is_set_and_removed()
    {
        await using var live = await LiveClient.ConnectAsync();
        var roster = live.Client.Get<RosterModule>();
        var nurse = Jid.Parse("nurse@example.com");
        await AssertSetAsync(live, roster.SetAsync(nurse, "Nurse", ["Servants"], LiveClient.Token), "<item jid='nurse@example.com' name='Nurse'><group>Servants</group></item>");
        await AssertSetAsync(live, roster.RemoveAsync(nurse, LiveClient.Token), "<item jid='nurse@example.com' subscription='remove'/>");
        await Assert.ThrowsAsync<ArgumentNullException>(() => roster.SetAsync(null!, cancellationToken: LiveClient.Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => roster.RemoveAsync(null!, LiveClient.Token));
    }

    private static async Task AssertSetAsync(LiveClient live, Task setting, string item)
    {
        var set = await live.Server.SentAsync("iq");
        Assert.Equal($"<query xmlns='jabber:iq:roster'>{item}</query>", Assert.Single(set.Elements.ToArray()).ToString());
        live.Server.Send($"<iq type='result' id='{set.Attribute("id")}'/>");
        await setting;
    }

    private static async Task StartAsync(LiveClient live, string answer, string? version)
    {
        live.Server.LeaveRoster = true;
        var connecting = live.Client.ConnectAsync(LiveClient.Token);
        await AnswerAsync(live, answer, version);
        await connecting;
    }

    private static async Task ReconnectAsync(LiveClient live, string answer, string version)
    {
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        await AnswerAsync(live, answer, version);
        await live.EventAsync<SessionStarted>();
    }

    private static async Task AnswerAsync(LiveClient live, string answer, string? version)
    {
        var request = await live.Server.SentAsync(e => e.Element(RosterQuery.Name) is not null && e.Attribute("type") == "get");
        Assert.Equal(version, request.Element(RosterQuery.Name)!.Attribute("ver"));
        live.Server.Send($"<iq type='result' id='{request.Attribute("id")}'>{answer}</iq>");
    }

    private static IEnumerable<string> Contacts(LiveClient live) =>
        live.Client.Get<RosterModule>().Items.Keys.Select(j => j.ToString()).Order(StringComparer.Ordinal);
}
