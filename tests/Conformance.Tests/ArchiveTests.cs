using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>XEP-0313 and XEP-0059.</summary>
public sealed class ArchiveTests(Targets targets) : ScenarioTests(targets)
{
    private const string Room = "room@conference.example.test";

    [Theory, EachSubject]
    public Task Empty_archive(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.SayAsync(alice, Query());
        await s.SayAsync(alice, Query("<set xmlns='http://jabber.org/protocol/rsm'><max>10</max><before/></set>"));
    });

    [Theory, EachSubject]
    public Task Whole_archive_of_both_sides(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await TalkAsync(s);
        await s.SayAsync(alice, Query());
        await s.SayAsync(bob, Query());
    });

    [Theory]
    [EachSubjectWith("Last_page", "<max>2</max><before/>")]
    [EachSubjectWith("First_page", "<max>2</max>")]
    [EachSubjectWith("Page_of_nothing", "<max>0</max>")]
    [EachSubjectWith("Page_larger_than_the_archive", "<max>100</max>")]
    [EachSubjectWith("After_the_first", "<max>2</max><after>{first}</after>")]
    [EachSubjectWith("After_the_last", "<max>2</max><after>{last}</after>")]
    [EachSubjectWith("Before_the_last", "<max>2</max><before>{last}</before>")]
    [EachSubjectWith("Before_the_first", "<max>2</max><before>{first}</before>")]
    [EachSubjectWith("After_one_that_does_not_exist", "<max>2</max><after>no-such-id</after>")]
    [EachSubjectWith("Before_one_that_does_not_exist", "<max>2</max><before>no-such-id</before>")]
    [EachSubjectWith("Maximum_that_is_no_number", "<max>many</max>")]
    public Task Page(Subject subject, string name, string page) => PlayAsync(
        subject,
        async s =>
        {
            var (alice, _) = await TalkAsync(s);
            var ids = await IdsAsync(s, alice);
            var query = Query($"<set xmlns='http://jabber.org/protocol/rsm'>{page}</set>");
            await alice.SendAsync(query.Replace("{first}", ids[0], StringComparison.Ordinal).Replace("{last}", ids[^1], StringComparison.Ordinal), query);
            await s.SettleAsync();
        },
        name);

    [Theory]
    [EachSubjectWith("With_bob", "with", "bob@example.test")]
    [EachSubjectWith("With_a_resource_of_bob", "with", "bob@example.test/one")]
    [EachSubjectWith("With_another_resource_of_bob", "with", "bob@example.test/other")]
    [EachSubjectWith("With_carol", "with", "carol@example.test")]
    [EachSubjectWith("With_an_address_that_is_none", "with", "@example.test")]
    [EachSubjectWith("Start_in_the_past", "start", "2000-01-01T00:00:00Z")]
    [EachSubjectWith("Start_in_the_future", "start", "2100-01-01T00:00:00Z")]
    [EachSubjectWith("End_in_the_past", "end", "2000-01-01T00:00:00Z")]
    [EachSubjectWith("End_in_the_future", "end", "2100-01-01T00:00:00Z")]
    [EachSubjectWith("Start_that_is_no_time", "start", "yesterday")]
    [EachSubjectWith("Field_that_nobody_knows", "urn:example:field", "1")]
    public Task Filter(Subject subject, string name, string field, string value) => PlayAsync(
        subject,
        async s =>
        {
            var (alice, _) = await TalkAsync(s);
            await s.SayAsync(alice, Query(Form($"<field var='{field}'><value>{value}</value></field>")));
        },
        name);

    [Theory, EachSubject]
    public Task Form_of_what_can_be_asked(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.SayAsync(alice, "<iq type='get' id='form'><query xmlns='urn:xmpp:mam:2'/></iq>");
    });

    [Theory, EachSubject]
    public Task Archive_of_somebody_else(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, _) = await TalkAsync(s);
        await s.SayAsync(alice, Query(to: "bob@example.test"));
        await s.SayAsync(alice, Query(to: "example.test"));
        await s.SayAsync(alice, Query(to: "alice@example.test"));
    });

    [Theory, EachSubject]
    public Task What_is_archived(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.QuietlyAsync(async () =>
        {
            foreach (var (type, content) in new[]
            {
                ("chat", "<body>chat</body>"),
                ("normal", "<body>normal</body>"),
                ("headline", "<body>headline</body>"),
                ("groupchat", "<body>groupchat</body>"),
                ("chat", "<active xmlns='http://jabber.org/protocol/chatstates'/>"),
                ("chat", "<received xmlns='urn:xmpp:receipts' id='r'/>"),
                ("chat", "<body>no store</body><no-store xmlns='urn:xmpp:hints'/>"),
                ("chat", "<body>no permanent store</body><no-permanent-store xmlns='urn:xmpp:hints'/>"),
                ("chat", "<store xmlns='urn:xmpp:hints'/><x xmlns='urn:example:x'/>"),
                ("error", "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"),
            })
            {
                await s.SayAsync(alice, $"<message type='{type}' to='bob@example.test/one'>{content}</message>");
            }
        });
        await s.SayAsync(bob, Query());
        await s.SayAsync(alice, Query());
    });

    [Theory, EachSubject]
    public Task Preferences(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.SayAsync(alice, "<iq type='get' id='p1'><prefs xmlns='urn:xmpp:mam:2'/></iq>");
    });

    [Theory, EachSubject]
    public Task Archive_of_a_room(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.QuietlyAsync(async () =>
        {
            await s.CreateRoomAsync(alice);
            await s.SayAsync(alice, $"<iq type='set' id='unlock' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
        });
        await s.SayAsync(alice, $"<message id='m1' type='groupchat' to='{Room}'><body>one</body></message>");
        await s.SayAsync(alice, $"<message id='m2' type='groupchat' to='{Room}'><subject>Tea</subject></message>");
        await s.SayAsync(alice, $"<message id='m3' type='groupchat' to='{Room}'><body>two</body></message>");
        await s.SayAsync(alice, Query(to: Room));
        await s.SayAsync(alice, Query("<set xmlns='http://jabber.org/protocol/rsm'><max>1</max><before/></set>", Room));
        await s.SayAsync(bob, Query(to: Room));
        s.FenceThrough("nothing@conference.example.test");
        await s.SayAsync(bob, Query(to: "nothing@conference.example.test"));
    });

    private static string Query(string content = "", string? to = null) =>
        $"<iq type='set' id='query'{(to is null ? "" : $" to='{to}'")}><query xmlns='urn:xmpp:mam:2' queryid='f27'>{content}</query></iq>";

    private static string Form(string fields) =>
        $"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>{fields}</x>";

    /// <summary>Alice and Bob with four messages between them in their archives; unrecorded.</summary>
    private static async Task<(Peer Alice, Peer Bob)> TalkAsync(Scenario s)
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.QuietlyAsync(async () =>
        {
            await s.SayAsync(alice, "<message id='m1' type='chat' to='bob@example.test/one'><body>one</body></message>");
            await s.SayAsync(bob, "<message id='m2' type='chat' to='alice@example.test/one'><body>two</body></message>");
            await s.SayAsync(alice, "<message id='m3' type='chat' to='bob@example.test'><body>three</body></message>");
            await s.SayAsync(bob, "<message id='m4' type='chat' to='alice@example.test'><body>four</body></message>");
        });
        return (alice, bob);
    }

    /// <summary>What the archive calls its messages; unrecorded.</summary>
    private static async Task<IReadOnlyList<string>> IdsAsync(Scenario s, Peer peer)
    {
        var ids = new List<string>();
        await s.QuietlyAsync(async () =>
        {
            await peer.SendAsync(Query());
            XElement heard;
            do
            {
                heard = await peer.UntilAsync(_ => true);
                if (heard.Element(Ns.Archive + "result")?.Attribute("id") is { } id)
                    ids.Add(id.Value);
            }
            while (heard.Attribute("id")?.Value != "query");
            await s.SettleAsync();
        });
        return ids;
    }
}
