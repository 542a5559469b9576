using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Archive;
using XmppChatClient.Forwarding;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

// XEP-0313 v1.1.3
public sealed class ArchiveTests
{
    private static readonly Jid Room = Jid.Parse("coven@chat.shakespeare.lit");

    // §4
    [Fact]
    public void Result_and_end_go_both_ways()
    {
        var result = Wire.BothWays<ArchiveResult>(
            "<result xmlns='urn:xmpp:mam:2' queryid='f27' id='28482-98726-73623'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/><message xmlns='jabber:client' from='witch@shakespeare.lit' to='macbeth@shakespeare.lit'><body>Hail to thee</body></message></forwarded></result>");
        Assert.Equal(("28482-98726-73623", "f27", "Hail to thee"), (result.Id, result.QueryId, result.Forwarded?.Message.Body));
        Assert.Equal(new DateTimeOffset(2010, 7, 10, 23, 8, 25, TimeSpan.Zero), result.Forwarded?.Delay?.Stamp);
        var fin = Wire.BothWays<ArchiveFin>(
            "<fin xmlns='urn:xmpp:mam:2' complete='true' stable='false'><set xmlns='http://jabber.org/protocol/rsm'><first>28482-98726-73623</first><last>09af3-cc343-b409f</last><count>20</count></set></fin>");
        Assert.Equal((true, false, "28482-98726-73623", "09af3-cc343-b409f"), (fin.IsComplete, fin.IsStable, fin.Page.First, fin.Page.Last));
    }

    [Theory]
    [InlineData("", false, true)]
    [InlineData("complete='false' stable='true'", false, true)]
    [InlineData("complete='1' stable='0'", true, false)]
    [InlineData("complete='yes' stable='no'", false, true)]
    public void End_is_complete_and_stable_as_it_says(string attributes, bool complete, bool stable)
    {
        var fin = Wire.Read<ArchiveFin>($"<fin xmlns='urn:xmpp:mam:2' {attributes}/>")!;
        Assert.Equal((complete, stable), (fin.IsComplete, fin.IsStable));
    }

    // §6
    [Fact]
    public void Metadata_goes_both_ways()
    {
        var metadata = Wire.BothWays<ArchiveMetadata>(
            "<metadata xmlns='urn:xmpp:mam:2'><start id='YWxwaGEg' timestamp='2008-08-22T21:09:04Z'/><end id='b21lZ2Eg' timestamp='2020-04-20T14:34:21Z'/></metadata>");
        Assert.Equal(new ArchivePlace("b21lZ2Eg", new DateTimeOffset(2020, 4, 20, 14, 34, 21, TimeSpan.Zero)), metadata.Newest);
        Assert.Null(Wire.BothWays<ArchiveMetadata>("<metadata xmlns='urn:xmpp:mam:2'/>").Oldest);
    }

    [Theory]
    [InlineData("<start id='a' timestamp='2008-08-22T21:09:04Z'/>")]
    [InlineData("<start id='a' timestamp='2008-08-22T21:09:04Z'/><end id='b'/>")]
    [InlineData("<start id='a' timestamp='2008-08-22T21:09:04Z'/><end id='b' timestamp='today'/>")]
    [InlineData("<start timestamp='2008-08-22T21:09:04Z'/><end id='b' timestamp='2008-08-22T21:09:04Z'/>")]
    public void Malformed_metadata_is_none(string content) =>
        Assert.Null(Wire.Read<ArchiveMetadata>($"<metadata xmlns='urn:xmpp:mam:2'>{content}</metadata>"));

    // XEP-0297 §3
    [Theory]
    [InlineData("")]
    [InlineData("<message xmlns='jabber:client' from='@'/>")]
    [InlineData("<message xmlns='urn:example:other'/>")]
    [InlineData("<presence xmlns='jabber:client'/>")]
    public void Nothing_is_forwarded_without_a_message(string content) =>
        Assert.Null(Wire.Read<Forwarded>($"<forwarded xmlns='urn:xmpp:forward:0'>{content}</forwarded>"));

    // §4.1 and §4.3
    public static TheoryData<ArchiveQuery, string> Requests => new()
    {
        { new ArchiveQuery(), "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max></set>" },
        {
            new ArchiveQuery { With = Jid.Parse("juliet@capulet.lit"), PageSize = 10 },
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with'><value>juliet@capulet.lit</value></field></x><set xmlns='http://jabber.org/protocol/rsm'><max>10</max></set>"
        },
        {
            new ArchiveQuery
            {
                Start = new DateTimeOffset(2010, 6, 7, 2, 0, 0, TimeSpan.FromHours(2)),
                End = new DateTimeOffset(2010, 7, 7, 13, 23, 54, 500, TimeSpan.Zero),
            },
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2010-06-07T00:00:00Z</value></field><field var='end'><value>2010-07-07T13:23:54.5Z</value></field></x><set xmlns='http://jabber.org/protocol/rsm'><max>50</max></set>"
        },
        { new ArchiveQuery { Position = "09af3" }, "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max><after>09af3</after></set>" },
        { new ArchiveQuery { NewestFirst = true }, "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set>" },
        {
            new ArchiveQuery { NewestFirst = true, Position = "09af3" },
            "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before>09af3</before></set>"
        },
    };

    [Theory, MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public void Request_says_what_is_looked_for(ArchiveQuery query, string content) => Assert.Equal(
        $"<query xmlns='urn:xmpp:mam:2' queryid='f27'>{content}</query>", XmlStreamWriter.ToText(new ArchiveRequest("f27", query)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    public void Page_size_has_its_limits(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArchiveQuery { PageSize = size });

    [Fact]
    public async Task Pages_are_read_until_the_end()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 2 });
        await AnswerAsync(live, [Chat("a"), Chat("b")], "<first>a</first><last>b</last>");
        var second = await AnswerAsync(live, [Chat("c")], "<first>c</first><last>c</last>", "complete='true'");
        Assert.Contains("<after>b</after>", second.ToString(), StringComparison.Ordinal);
        Assert.Null(second.Attribute("to"));
        Assert.Equal(["a", "b", "c"], await reading);
        await AssertNothingAskedAsync(live);
    }

    [Fact]
    public async Task Pages_are_read_backwards_until_the_beginning()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 2, NewestFirst = true });
        await AnswerAsync(live, [Chat("b"), Chat("c")], "<first>b</first><last>c</last>");
        var second = await AnswerAsync(live, [Chat("a")], "<first>a</first><last>a</last>", "complete='true'");
        Assert.Contains("<before>b</before>", second.ToString(), StringComparison.Ordinal);
        Assert.Equal(["c", "b", "a"], await reading);
    }

    // What the server has taken out of the archive keeps its place; what has no time is a message all the same.
    [Fact]
    public async Task Message_that_was_taken_out_does_not_end_the_reading()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 1 });
        await AnswerAsync(live, ["<result xmlns='urn:xmpp:mam:2' id='a' queryid='{id}'><forwarded xmlns='urn:xmpp:forward:0'/></result>"], "");
        var second = await AnswerAsync(
            live,
            ["<result xmlns='urn:xmpp:mam:2' id='b' queryid='{id}'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>b</body></message></forwarded></result>"],
            "",
            "complete='true'");
        Assert.Contains("<after>a</after>", second.ToString(), StringComparison.Ordinal);
        Assert.Equal(["b"], await reading);
    }

    // With nothing missing it is one question; and so it is where a server forgets to call nothing complete.
    [Theory]
    [InlineData("complete='true'")]
    [InlineData("")]
    public async Task Nothing_new_is_one_question(string complete)
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { Position = "z" });
        await AnswerAsync(live, [], "<count>7</count>", complete);
        Assert.Empty(await reading);
        await AssertNothingAskedAsync(live);
    }

    // Prosody 13.0 gives the last message when none is so late. Its stamps are whole seconds.
    [Theory]
    [InlineData("2026-03-01T11:59:00Z", false)]
    [InlineData("2026-03-01T12:00:00Z", true)]
    [InlineData("2026-03-01T12:00:01Z", true)]
    public async Task Message_from_before_the_start_is_not_what_was_asked_for(string stamp, bool isThere)
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = live.Client.Get<ArchiveModule>().ReadPageAsync(
            new ArchiveQuery { Start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 500, TimeSpan.Zero) }, LiveClient.Token);
        await AnswerAsync(
            live,
            ["<result xmlns='urn:xmpp:mam:2' id='a' queryid='{id}'><forwarded xmlns='urn:xmpp:forward:0'>"
                + $"<delay xmlns='urn:xmpp:delay' stamp='{stamp}'/><message xmlns='jabber:client'/></forwarded></result>"],
            "<first>a</first><last>a</last>", "complete='true'");
        var page = await reading;
        Assert.Equal((isThere ? 1 : 0, "a"), (page.Messages.Length, page.Next));
    }

    [Fact]
    public async Task Who_stops_reading_asks_no_more()
    {
        await using var live = await LiveClient.ConnectAsync();
        var first = live.Client.Get<ArchiveModule>().ReadAsync(new ArchiveQuery { PageSize = 2 }, LiveClient.Token)
            .FirstAsync(LiveClient.Token).AsTask();
        await AnswerAsync(live, [Chat("a"), Chat("b")], "<first>a</first><last>b</last>");
        Assert.Equal("a", (await first).Id);
        await AssertNothingAskedAsync(live);
    }

    [Fact]
    public async Task Page_says_how_it_is_with_the_archive()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = live.Client.Get<ArchiveModule>().ReadPageAsync(new ArchiveQuery(), LiveClient.Token);
        await AnswerAsync(live, [Chat("a")], "<first>a</first><last>a</last><count>7</count>", "stable='false'");
        var page = await reading;
        Assert.Equal(("a", 7, false, false), (page.Next, page.Count, page.IsComplete, page.IsStable));
        Assert.Equal(("a", "Hail a", new DateTimeOffset(2010, 7, 10, 23, 8, 25, TimeSpan.Zero)), (page.Messages[0].Id, page.Messages[0].Message.Body, page.Messages[0].At!.Value));
    }

    // §8.2: nobody but the archive that was asked, and nothing but what was asked of it.
    [Theory]
    [InlineData(false, "", "queryid='{id}'", true)]
    [InlineData(false, "from='bot@example.org'", "queryid='{id}'", true)]
    [InlineData(false, "from='bot@example.org/1'", "queryid='{id}'", false)]
    [InlineData(false, "from='bot@example.org' type='error'", "queryid='{id}'", false)]
    [InlineData(false, "from='example.org'", "queryid='{id}'", false)]
    [InlineData(false, "from='mallory@example.org'", "queryid='{id}'", false)]
    [InlineData(false, "from='coven@chat.shakespeare.lit'", "queryid='{id}'", false)]
    [InlineData(false, "", "queryid='other'", false)]
    [InlineData(false, "", "", false)]
    [InlineData(true, "from='coven@chat.shakespeare.lit'", "queryid='{id}'", true)]
    [InlineData(true, "from='coven@chat.shakespeare.lit/witch'", "queryid='{id}'", false)]
    [InlineData(true, "", "queryid='{id}'", false)]
    [InlineData(true, "from='bot@example.org'", "queryid='{id}'", false)]
    [InlineData(true, "from='coven@chat.shakespeare.lit'", "", false)]
    public async Task Result_is_taken_from_the_archive_that_was_asked(bool ofRoom, string from, string queryId, bool taken)
    {
        var logs = new FakeLogCollector();
        await using var live = await LiveClient.ConnectAsync(o => o.LoggerFactory = Logging(logs));
        var reading = ReadAllAsync(live, new ArchiveQuery { Archive = ofRoom ? Room : null });
        var request = await live.Server.SentAsync("iq");
        var result = $"<result xmlns='urn:xmpp:mam:2' id='a' {queryId}><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{Room}/witch'><body>b</body></message></forwarded></result>";
        live.Server.Send($"<message {from}><body>Hail</body>{result.Replace("{id}", QueryId(request), StringComparison.Ordinal)}</message>");
        End(live, request, "", "complete='true'");
        Assert.Equal(taken ? ["a"] : [], await reading);

        // It is no message to anybody either.
        live.Server.Send("<message from='last@example.org'/>");
        Assert.Equal("last@example.org", (await live.EventAsync<MessageReceived>()).Message.From?.ToString());
        Assert.Equal(!taken, logs.GetSnapshot().Any(l => l.Level == LogLevel.Debug && l.Id.Id == 60));
    }

    [Theory]
    [InlineData("<result xmlns='urn:xmpp:mam:2' id='a' queryid='f27'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@example.org'><body>b</body></message></forwarded></result>")]
    [InlineData("<result xmlns='urn:xmpp:mam:2'/>")]
    [InlineData("<x xmlns='urn:example:x'/><result xmlns='urn:xmpp:mam:2' id=''/>")]
    public async Task Result_that_nobody_asked_for_is_dropped(string result)
    {
        await using var live = await LiveClient.ConnectAsync();
        live.Server.Send($"<message from='bot@example.org'><body>Hail</body>{result}</message><message from='last@example.org'/>");
        Assert.Equal("last@example.org", (await live.EventAsync<MessageReceived>()).Message.From?.ToString());
    }

    [Fact]
    public async Task Room_cannot_tell_what_others_have_said()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { Archive = Jid.Parse($"{Room}/witch") });
        var asked = await AnswerAsync(live, [Chat("a", $"{Room}/witch"), Chat("b", "romeo@example.org"), Chat("c", Room.ToString())], "", "complete='true'");
        Assert.Equal(Room.ToString(), asked.Attribute("to"));
        Assert.Equal(["a", "c"], await reading);
    }

    [Fact]
    public async Task Two_queries_at_once_have_their_own_results()
    {
        await using var live = await LiveClient.ConnectAsync();
        var own = ReadAllAsync(live, new ArchiveQuery());
        var ownRequest = await live.Server.SentAsync("iq");
        var room = ReadAllAsync(live, new ArchiveQuery { Archive = Room });
        var roomRequest = await live.Server.SentAsync("iq");
        Send(live, roomRequest, Chat("r", $"{Room}/witch"));
        Send(live, ownRequest, Chat("o"));
        End(live, roomRequest, "", "complete='true'");
        End(live, ownRequest, "", "complete='true'");
        Assert.Equal(["o"], await own);
        Assert.Equal(["r"], await room);
    }

    [Fact]
    public async Task Own_archive_by_its_address_is_our_own_archive()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { Archive = Jid.Parse("bot@example.org") });
        Assert.Null((await AnswerAsync(live, [Chat("a", "romeo@example.org")], "", "complete='true'")).Attribute("to"));
        Assert.Equal(["a"], await reading);
    }

    // §4.3.2; a room that is not there says the same, without an id.
    [Theory]
    [InlineData("z", "item-not-found", typeof(ArchiveIdGoneException))]
    [InlineData("z", "forbidden", typeof(XmppStanzaException))]
    [InlineData(null, "item-not-found", typeof(XmppStanzaException))]
    [InlineData(null, "service-unavailable", typeof(XmppStanzaException))]
    public async Task Id_that_is_gone_is_told_from_other_errors(string? position, string condition, Type expected)
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { Position = position });
        Refuse(live, await live.Server.SentAsync("iq"), condition);
        var error = await Record.ExceptionAsync(() => reading);
        Assert.IsType(expected, error);
        Assert.Equal(expected == typeof(ArchiveIdGoneException) ? position : null, (error as ArchiveIdGoneException)?.Id);
    }

    [Fact]
    public async Task Id_that_goes_while_paging_is_gone_too()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery());
        await AnswerAsync(live, [Chat("a")], "<first>a</first><last>a</last>");
        Refuse(live, await live.Server.SentAsync("iq"), "item-not-found");
        Assert.Equal("a", (await Assert.ThrowsAsync<ArchiveIdGoneException>(() => reading)).Id);
    }

    // The same page for ever, or several of them in turn.
    [Theory]
    [InlineData(1, null)]
    [InlineData(1, "0")]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(10, null)]
    public async Task Archive_without_end_is_given_up(int length, string? position)
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 1, Position = position });
        for (var page = 0; !reading.IsCompleted; page++)
        {
            Assert.True(page < 100, "The archive is read for ever.");
            var asked = await Task.WhenAny(reading, live.Server.SentAsync("iq"));
            if (asked == reading)
            {
                Assert.InRange(page, length, 3 * length);
                break;
            }

            var id = $"{page % length}";
            var request = await (Task<XmppElement>)asked;
            Send(live, request, Chat(id));
            End(live, request, $"<first>{id}</first><last>{id}</last>");
        }

        Assert.Contains("in circles", (await Assert.ThrowsAsync<XmppException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_results_than_asked_for_are_an_error()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 2 });
        await AnswerAsync(live, [Chat("a"), Chat("b"), Chat("c")], "<first>a</first><last>c</last>", "complete='true'");
        Assert.Equal(
            "The archive of our account sent more than the 2 messages asked for.",
            (await Assert.ThrowsAsync<XmppException>(() => reading)).Message);
    }

    [Fact]
    public async Task Page_that_does_not_end_is_given_up()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Timeouts.Request = TimeSpan.FromSeconds(7));
        var reading = ReadAllAsync(live, new ArchiveQuery { PageSize = 1 });
        var request = await live.Server.SentAsync("iq");
        for (var i = 0; i < 100; i++)
        {
            Send(live, request, Chat($"{i}"));
        }

        await live.Server.SettleAsync();
        await live.Clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        live.Clock.Advance(TimeSpan.FromSeconds(7));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => reading);

        // What comes now was not asked for.
        Send(live, request, Chat("late"));
        live.Server.Send("<message from='last@example.org'/>");
        Assert.Equal("last@example.org", (await live.EventAsync<MessageReceived>()).Message.From?.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<fin xmlns='urn:xmpp:mam:1' complete='true'/>")]
    public async Task Answer_without_an_end_is_an_error(string answer)
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery());
        var request = await live.Server.SentAsync("iq");
        live.Server.Send($"<iq type='result' id='{request.Attribute("id")}'>{answer}</iq>");
        Assert.Equal("The archive did not say where its page ends.", (await Assert.ThrowsAsync<XmppException>(() => reading)).Message);
    }

    [Fact]
    public async Task Lost_session_ends_the_reading()
    {
        await using var live = await LiveClient.ConnectAsync();
        var reading = ReadAllAsync(live, new ArchiveQuery());
        await live.Server.SentAsync("iq");
        live.Server.Drop();
        await Assert.ThrowsAsync<XmppSessionLostException>(() => reading);
    }

    [Theory]
    [InlineData("<metadata xmlns='urn:xmpp:mam:2'><start id='a' timestamp='2008-08-22T21:09:04Z'/><end id='b' timestamp='2020-04-20T14:34:21Z'/></metadata>", "a", "b")]
    [InlineData("<metadata xmlns='urn:xmpp:mam:2'/>", null, null)]
    public async Task Metadata_says_from_where_to_where(string answer, string? oldest, string? newest)
    {
        await using var live = await LiveClient.ConnectAsync();
        var asking = live.Client.Get<ArchiveModule>().MetadataAsync(Room, LiveClient.Token);
        var request = await live.Server.SentAsync("iq");
        Assert.Equal(
            $"<iq xmlns='jabber:client' to='{Room}' id='{request.Attribute("id")}' type='get'><metadata xmlns='urn:xmpp:mam:2'/></iq>", request.ToString());
        live.Server.Send($"<iq type='result' from='{Room}' id='{request.Attribute("id")}'>{answer}</iq>");
        var metadata = await asking;
        Assert.Equal((oldest, newest), (metadata!.Oldest?.Id, metadata.Newest?.Id));
    }

    [Theory]
    [InlineData("service-unavailable", null)]
    [InlineData("feature-not-implemented", null)]
    [InlineData("bad-request", null)]
    [InlineData("forbidden", typeof(XmppStanzaException))]
    [InlineData("item-not-found", typeof(XmppStanzaException))]
    public async Task Server_without_metadata_has_none(string condition, Type? error)
    {
        await using var live = await LiveClient.ConnectAsync();
        var asking = live.Client.Get<ArchiveModule>().MetadataAsync(cancellationToken: LiveClient.Token);
        Refuse(live, await live.Server.SentAsync("iq"), condition);
        Assert.Equal(error, (await Record.ExceptionAsync(async () => Assert.Null(await asking)))?.GetType());
    }

    private static async Task<List<string>> ReadAllAsync(LiveClient live, ArchiveQuery query)
    {
        var ids = new List<string>();
        await foreach (var message in live.Client.Get<ArchiveModule>().ReadAsync(query, LiveClient.Token))
        {
            ids.Add(message.Id);
        }

        return ids;
    }

    private static string Chat(string id, string from = "witch@shakespeare.lit") =>
        $"<result xmlns='urn:xmpp:mam:2' id='{id}' queryid='{{id}}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/><message xmlns='jabber:client' from='{from}'><body>Hail {id}</body></message></forwarded></result>";

    private static async Task<XmppElement> AnswerAsync(LiveClient live, string[] results, string set, string fin = "")
    {
        var request = await live.Server.SentAsync("iq");
        foreach (var result in results)
        {
            Send(live, request, result);
        }

        End(live, request, set, fin);
        return request;
    }

    private static void Send(LiveClient live, XmppElement request, string result) => live.Server.Send(
        $"<message {From(request)}>{result.Replace("{id}", QueryId(request), StringComparison.Ordinal)}</message>");

    private static void End(LiveClient live, XmppElement request, string set, string fin = "") => live.Server.Send(
        $"<iq type='result' {From(request)} id='{request.Attribute("id")}'><fin xmlns='urn:xmpp:mam:2' {fin}><set xmlns='http://jabber.org/protocol/rsm'>{set}</set></fin></iq>");

    private static void Refuse(LiveClient live, XmppElement request, string condition) => live.Server.Send(
        $"<iq type='error' {From(request)} id='{request.Attribute("id")}'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");

    private static string From(XmppElement request) => request.Attribute("to") is { } to ? $"from='{to}'" : "";

    private static string QueryId(XmppElement request) => request.Elements.ToArray()[0].Attribute("queryid")!;

    private static ILoggerFactory Logging(FakeLogCollector logs) =>
        LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(logs)));

    private static async Task AssertNothingAskedAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }
}
