using Microsoft.Extensions.Logging.Abstractions;
using XmppChatClient.Archive;
using XmppChatClient.Delay;
using XmppChatClient.Modules;
using XmppChatClient.Ping;
using XmppChatClient.StanzaIds;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

/// <summary>Which messages of a lost session have arrived, by what the archive and those who ask it say.</summary>
public sealed class ArrivalSearchTests
{
    private const string Always = "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs>";
    private const string Never = "<prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs>";
    private const string Refused = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    private static readonly DateTimeOffset SentAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // XEP-0441 §2
    [Fact]
    public void Preferences_go_both_ways()
    {
        var preferences = Wire.BothWays<ArchivePreferences>(
            "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>romeo@montague.lit</jid></always><never><jid>montague@montague.lit</jid></never></prefs>");
        Assert.True(preferences.Keeps(Jid.Parse("romeo@montague.lit/orchard")));
        Assert.False(preferences.Keeps(Jid.Parse("montague@montague.lit")));
        Assert.False(preferences.Keeps(Jid.Parse("juliet@capulet.lit")));
        Assert.True((preferences with { Default = "always" }).Keeps(Jid.Parse("juliet@capulet.lit")));
        Assert.False((preferences with { Default = "always" }).Keeps(Jid.Parse("montague@montague.lit/hall")));
        Assert.Equal("<prefs xmlns='urn:xmpp:mam:2'/>", XmlStreamWriter.ToText(new ArchivePreferences()));
        Assert.Null(Wire.Read<ArchivePreferences>("<prefs xmlns='urn:xmpp:mam:2'/>"));
        Assert.Null(Wire.Read<ArchivePreferences>("<prefs xmlns='urn:xmpp:mam:2' default='some'/>"));
        Assert.Equal("a@b", Assert.Single(Wire.Read<ArchivePreferences>("<prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>@</jid><jid>a@b</jid><x/></always></prefs>")!.Always).ToString());
    }

    [Theory]
    [InlineData("from='bot@example.org/1' to='romeo@example.net' id='m1'", Always, true)]
    [InlineData("from='bot@example.org/1' to='romeo@example.net/orchard' id='m1'", Always, true)]
    [InlineData("to='romeo@example.net' id='m1'", Always, true)]
    [InlineData("from='bot@example.org/1' to='romeo@example.net' id='m1'", Never, true)]
    [InlineData("from='bot@example.org/1' to='juliet@example.net' id='m1'", Always, false)]
    [InlineData("from='romeo@example.net/orchard' to='bot@example.org/1' id='m1'", Always, false)]
    [InlineData("from='bot@example.org/1' to='romeo@example.net' id='m2'", Always, false)]
    [InlineData("from='bot@example.org/1' to='romeo@example.net'", Always, false)]
    [InlineData(null, Always, false)]
    [InlineData(null, Never, null)]
    [InlineData(null, "<prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>romeo@example.net</jid></always><never/></prefs>", false)]
    [InlineData(null, "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never><jid>romeo@example.net</jid></never></prefs>", null)]
    [InlineData(null, "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always/><never/></prefs>", null)]
    [InlineData("from='bot@example.org/1' to='juliet@example.net' id='m2'", Refused, false)]
    [InlineData("from='romeo@example.net' to='bot@example.org/1' id='m2'", Refused, null)]
    [InlineData(null, Refused, null)]
    public async Task What_is_not_in_an_archive_that_keeps_everything_has_not_arrived(string? archived, string preferences, bool? arrived)
    {
        await using var live = await LiveClient.ConnectAsync();
        var message = Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m1", Type = MessageType.Chat, Body = "Hark!" });
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        var query = await AnswerAsync(live, archived is null ? [] : [$"<message xmlns='jabber:client' {archived}><body>Hark!</body></message>"]);
        Assert.Contains("<field var='with'><value>romeo@example.net</value></field>", query.ToString(), StringComparison.Ordinal);
        if (arrived != true)
        {
            await AnswerAsync(live, preferences, ArchivePreferences.Name);
        }

        await finding;
        Assert.Equal(arrived, message.HasArrived);
    }

    // What an archive may or may not take says nothing by not being there, and everything by being there.
    public static TheoryData<Message> Doubtful =>
    [
        new Message { To = Jid.Parse("romeo@example.net"), Type = MessageType.Chat },
        new Message { To = Jid.Parse("romeo@example.net"), Type = MessageType.Headline, Body = "b" },
        new Message { To = Jid.Parse("romeo@example.net"), Type = MessageType.Error, Body = "b" },
        new Message { To = Jid.Parse("bot@example.org/2"), Type = MessageType.Chat, Body = "b" },
        new Message { Type = MessageType.Chat, Body = "b" },
        new Message { Type = MessageType.Groupchat, Body = "b" },
        new Message
        {
            To = Jid.Parse("romeo@example.net"), Type = MessageType.Chat, Body = "b",
            Payloads = [XmppElement.Parse("<no-store xmlns='urn:xmpp:hints'/>")],
        },
        new Message
        {
            To = Jid.Parse("room@example.net/romeo"), Type = MessageType.Chat, Body = "b",
            Payloads = [new DelayedDelivery(SentAt), XmppElement.Parse("<x xmlns='http://jabber.org/protocol/muc#user'/>")],
        },
    ];

    [Theory, MemberData(nameof(Doubtful), DisableDiscoveryEnumeration = true)]
    public async Task What_may_not_be_kept_is_not_known(Message message)
    {
        foreach (var isThere in (bool[])[false, true])
        {
            await using var live = await LiveClient.ConnectAsync();
            var sent = Sent(message with { Id = "m1" });
            var finding = FindAsync(live, sent);
            await AnswerTimeAsync(live);
            var query = await AnswerAsync(live, isThere ? [$"{message with { Id = "m1", From = Jid.Parse("bot@example.org/1") }}"] : []);
            Assert.DoesNotContain("<value>bot@example.org</value>", query.ToString(), StringComparison.Ordinal);
            if (!isThere)
            {
                await AnswerAsync(live, Always, ArchivePreferences.Name);
            }

            await finding;
            Assert.Equal(isThere ? true : null, sent.HasArrived);
        }
    }

    [Fact]
    public async Task Origin_id_is_an_id_too()
    {
        await using var live = await LiveClient.ConnectAsync();
        var message = Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m1", Body = "b", Payloads = [new OriginId("o1")] });
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        await AnswerAsync(live, ["<message xmlns='jabber:client' to='romeo@example.net'><body>b</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>"]);
        await finding;
        Assert.True(message.HasArrived);
    }

    // Ours is the clock that says when it was sent, the server's the one that says when it was archived.
    [Theory]
    [InlineData("2026-03-01T12:10:00Z", "2026-03-01T12:04:00Z")]
    [InlineData("2026-03-01T11:10:00Z", "2026-03-01T11:04:00Z")]
    [InlineData(null, null)]
    public async Task Search_begins_before_the_message_was_sent_by_the_clock_of_the_server(string? serverTime, string? start)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<PingModule>().Interval = Timeout.InfiniteTimeSpan);
        live.Clock.SetUtcNow(SentAt.AddMinutes(1));
        var finding = FindAsync(live, Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m1", Body = "b" }));
        await AnswerTimeAsync(live, serverTime);
        var query = (await AnswerAsync(live, ["<message xmlns='jabber:client' to='romeo@example.net' id='m1'/>"])).ToString();
        Assert.Equal(start is not null, query.Contains("var='start'", StringComparison.Ordinal));
        Assert.Contains(start is null ? "<before/>" : $"<field var='start'><value>{start}</value></field>", query, StringComparison.Ordinal);
        await finding;
    }

    [Fact]
    public async Task Search_goes_back_page_by_page_until_all_are_found()
    {
        await using var live = await LiveClient.ConnectAsync();
        var messages = Enumerable.Range(1, 3)
            .Select(i => Sent(new Message { To = Jid.Parse($"romeo{i}@example.net"), Id = $"m{i}", Body = "b" })).ToArray();
        var finding = FindAsync(live, messages);
        await AnswerTimeAsync(live);
        var first = await AnswerAsync(live, ["<message xmlns='jabber:client' to='romeo3@example.net' id='m3'/>"], "", "b");
        Assert.DoesNotContain("var='with'", first.ToString(), StringComparison.Ordinal);
        await AnswerAsync(live, ["<message xmlns='jabber:client' to='romeo1@example.net' id='m1'/>", "<message xmlns='jabber:client' to='romeo2@example.net' id='m2'/>"], "", "a");
        await finding;
        Assert.All(messages, m => Assert.True(m.HasArrived));
    }

    // What is archived long before it cannot be what was sent behind it. 10 s for servers of several machines.
    [Theory]
    [InlineData("m0", "bot@example.org/1", "romeo@example.net", "11:59:49", true)]
    [InlineData("m0", "bot@example.org/1", "romeo@example.net", "11:59:51", false)]
    [InlineData("m0", "romeo@example.net/1", "bot@example.org", "11:59:49", false)]
    [InlineData("m0", "bot@example.org/1", "juliet@example.net", "11:59:49", false)]
    [InlineData("m1", "bot@example.org/1", "juliet@example.net", "11:59:49", false)]
    public async Task Search_ends_behind_what_the_server_had_acknowledged_before(
        string id, string from, string to, string oldest, bool isEnd)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<PingModule>().Interval = Timeout.InfiniteTimeSpan);
        live.Clock.SetUtcNow(SentAt.AddMinutes(1));
        var romeo = Jid.Parse("romeo@example.net");
        var message = new UnacknowledgedMessage(new Message { To = romeo, Id = "m1", Body = "b" }, SentAt)
        {
            LastAcknowledged = new Message { To = id == "m1" ? Jid.Parse(to) : romeo, Id = id, Body = "b" },
        };
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        await AnswerAsync(
            live, [Archived(oldest, from, "other@example.net", "o"), Archived("12:00:00", from, to, id)], "", "b");
        if (!isEnd)
        {
            await AnswerAsync(live, []);
        }

        await AnswerAsync(live, Always, ArchivePreferences.Name);
        await finding;
        Assert.False(message.HasArrived);
    }

    // Anybody there can use our ids.
    [Fact]
    public async Task Search_in_a_room_is_not_led_by_what_was_acknowledged()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<PingModule>().Interval = Timeout.InfiniteTimeSpan);
        live.Clock.SetUtcNow(SentAt.AddMinutes(1));
        var coven = Jid.Parse("coven@chat.example");
        var message = new UnacknowledgedMessage(new Message { To = coven, Id = "m1", Type = MessageType.Groupchat, Body = "b" }, SentAt)
        {
            LastAcknowledged = new Message { To = coven, Id = "m0", Type = MessageType.Groupchat, Body = "b" },
        };
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        await AnswerAsync(
            live, [Archived("11:57:00", $"{coven}/witch", "", "o"), Archived("12:00:00", $"{coven}/witch", "", "m0")], "", "b");
        await AnswerAsync(live, [Archived("11:56:00", $"{coven}/us", "", "m1")]);
        await finding;
        Assert.True(message.HasArrived);
    }

    // A program that numbers its messages anew each day sends many of one id.
    [Fact]
    public async Task One_archived_message_is_one_that_was_sent()
    {
        await using var live = await LiveClient.ConnectAsync();
        UnacknowledgedMessage[] messages = [.. Enumerable.Range(0, 3).Select(_ => Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m", Body = "b" }))];
        var finding = FindAsync(live, messages);
        await AnswerTimeAsync(live);
        await AnswerAsync(live, ["<message xmlns='jabber:client' to='romeo@example.net' id='m'/>", "<message xmlns='jabber:client' to='romeo@example.net' id='m'/>"]);
        await AnswerAsync(live, Always, ArchivePreferences.Name);
        await finding;
        Assert.Equal([true, true, false], messages.Select(m => m.HasArrived));
    }

    [Fact]
    public async Task Room_is_asked_about_what_was_said_in_it()
    {
        await using var live = await LiveClient.ConnectAsync();
        UnacknowledgedMessage[] messages =
        [
            .. new[] { "a", "b", "c" }.Select(id => Sent(new Message { To = Jid.Parse("coven@chat.example"), Id = id, Type = MessageType.Groupchat, Body = id })),
            Sent(new Message { To = Jid.Parse("other@chat.example"), Id = "d", Type = MessageType.Groupchat, Body = "d" }),
            Sent(new Message { To = Jid.Parse("coven@chat.example"), Id = "e", Type = MessageType.Groupchat, Subject = "e" }),
        ];
        var finding = FindAsync(live, messages);
        await AnswerTimeAsync(live);
        var query = await AnswerAsync(live, ["<message xmlns='jabber:client' from='coven@chat.example/witch' id='b' type='groupchat'><body>b</body></message>"]);
        Assert.Equal("coven@chat.example", query.Attribute("to"));
        Assert.Equal("other@chat.example", (await AnswerAsync(live, Refused, ArchiveRequestName)).Attribute("to"));
        await finding;
        Assert.Equal([false, true, false, null, null], messages.Select(m => m.HasArrived));
    }

    [Theory]
    [InlineData("stable='false' complete='true'", null)]
    [InlineData("complete='true'", false)]
    public async Task Archive_that_has_not_settled_is_not_certain(string fin, bool? arrived)
    {
        await using var live = await LiveClient.ConnectAsync();
        var message = Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m1", Body = "b" });
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        await AnswerAsync(live, [], fin);
        if (arrived is not null)
        {
            await AnswerAsync(live, Always, ArchivePreferences.Name);
        }

        await finding;
        Assert.Equal(arrived, message.HasArrived);
    }

    [Theory]
    [InlineData("service-unavailable")]
    [InlineData("feature-not-implemented")]
    [InlineData("forbidden")]
    public async Task Without_an_archive_nothing_is_known(string condition)
    {
        await using var live = await LiveClient.ConnectAsync();
        var message = Sent(new Message { To = Jid.Parse("romeo@example.net"), Id = "m1", Body = "b" });
        var finding = FindAsync(live, message);
        await AnswerTimeAsync(live);
        await AnswerAsync(live, Refused.Replace("service-unavailable", condition, StringComparison.Ordinal), ArchiveRequestName);
        await finding;
        Assert.Null(message.HasArrived);
    }

    private static XmlName ArchiveRequestName { get; } = new("urn:xmpp:mam:2", "query");

    private static string Archived(string at, string from, string to, string id) =>
        $"<delay xmlns='urn:xmpp:delay' stamp='2026-03-01T{at}Z'/><message xmlns='jabber:client' from='{from}'{(to.Length == 0 ? "" : $" to='{to}'")} id='{id}'><body>b</body></message>";

    private static UnacknowledgedMessage Sent(Message message) => new(message, SentAt);

    private static Task FindAsync(LiveClient live, params UnacknowledgedMessage[] messages) =>
        new ArrivalSearch(live.Client, live.Client.Get<ArchiveModule>(), NullLogger.Instance).FindAsync(messages, LiveClient.Token)
            .AsTask().WaitAsync(Hang.Limit, LiveClient.Token);

    private static async Task AnswerTimeAsync(LiveClient live, string? time = "2026-03-01T12:01:00Z") => await AnswerAsync(
        live, time is null ? Refused : $"<time xmlns='urn:xmpp:time'><tzo>Z</tzo><utc>{time}</utc></time>", EntityTime.TimeQuery.Name);

    /// <summary>Answers the next question, which must be that.</summary>
    private static async Task<XmppElement> AnswerAsync(LiveClient live, string answer, XmlName question)
    {
        var request = await live.Server.NextAsync();
        Assert.Equal(question, Assert.Single(request.Elements.ToArray()).Name);
        live.Server.Send($"<iq type='{(answer == Refused || answer.StartsWith("<error", StringComparison.Ordinal) ? "error" : "result")}' {From(request)} id='{request.Attribute("id")}'>{answer}</iq>");
        return request;
    }

    private static async Task<XmppElement> AnswerAsync(
        LiveClient live, string[] messages, string fin = "complete='true'", string first = "")
    {
        var request = await live.Server.NextAsync();
        var queryId = request.Element(ArchiveRequestName)!.Attribute("queryid");
        foreach (var message in messages)
        {
            live.Server.Send($"<message {From(request)}><result xmlns='urn:xmpp:mam:2' queryid='{queryId}' id='a'><forwarded xmlns='urn:xmpp:forward:0'>{message}</forwarded></result></message>");
        }

        live.Server.Send($"<iq type='result' {From(request)} id='{request.Attribute("id")}'><fin xmlns='urn:xmpp:mam:2' {fin}><set xmlns='http://jabber.org/protocol/rsm'><first>{first}</first></set></fin></iq>");
        return request;
    }

    private static string From(XmppElement request) => request.Attribute("to") is { } to ? $"from='{to}'" : "";
}
