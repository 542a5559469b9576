using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Testing.Archive;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Archive;

public sealed class ArchiveQueryTests
{
    private const string Rsm = "http://jabber.org/protocol/rsm";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_come_before_the_answer()
    {
        await using var archive = await FilledAsync();
        var fin = (XmppElement)(await archive.Juliet.RequestAsync(
            new Iq(IqType.Set, XmppElement.Parse(
                $"<query xmlns='urn:xmpp:mam:2' queryid='f&lt;7'><set xmlns='{Rsm}'><max>1</max></set></query>")),
            Token)).Payload!;
        Assert.Equal(
            $"<message from='juliet@localhost' to='juliet@localhost/balcony'><result xmlns='urn:xmpp:mam:2' id='{archive.Ids[0]}'"
            + " queryid='f&lt;7'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2030-01-01T00:01:00.000Z'/>"
            + "<message from='juliet@localhost/balcony' to='romeo@localhost' type='chat'><body>1</body></message>"
            + "</forwarded></result></message>",
            Assert.Single(archive.Juliet.Unread).ToText());
        Assert.Equal(
            $"<fin xmlns='urn:xmpp:mam:2'><set xmlns='{Rsm}'><first>{archive.Ids[0]}</first><last>{archive.Ids[0]}</last><count>5</count></set></fin>",
            fin.ToText());
    }

    // Five messages, one a minute, from 00:01 on: to romeo, to paris, from romeo/orchard, to romeo/orchard, to romeo.
    [Theory]
    [InlineData("", "", "12345 of 5, complete")]
    [InlineData("", "<max>5</max>", "12345 of 5, complete")]
    [InlineData("", "<max>2</max>", "12 of 5")]
    [InlineData("", "<max>0</max>", " of 5")]
    [InlineData("", "<max>2</max><after>{2}</after>", "34 of 5")]
    [InlineData("", "<max>2</max><after>{3}</after>", "45 of 5, complete")]
    [InlineData("", "<max>2</max><after>{5}</after>", " of 5, complete")]
    [InlineData("", "<max>2</max><before/>", "45 of 5")]
    [InlineData("", "<before/>", "12345 of 5, complete")]
    [InlineData("", "<max>2</max><before>{4}</before>", "23 of 5")]
    [InlineData("", "<max>2</max><before>{3}</before>", "12 of 5, complete")]
    [InlineData("", "<max>2</max><before>{1}</before>", " of 5, complete")]
    [InlineData("", "<max>9</max><after>{1}</after><before>{4}</before>", "23 of 5, complete")]
    [InlineData("with=romeo@localhost", "", "1345 of 4, complete")]
    [InlineData("with=romeo@localhost", "<max>1</max><after>{2}</after>", "3 of 4")]
    [InlineData("with=romeo@localhost/orchard", "", "34 of 2, complete")]
    [InlineData("with=mercutio@localhost", "", " of 0, complete")]
    [InlineData("with=juliet@localhost", "", " of 0, complete")]
    [InlineData("start=2030-01-01T00:03:00Z", "", "345 of 3, complete")]
    [InlineData("start=2030-01-01T02:03:00+02:00", "", "345 of 3, complete")]
    [InlineData("start=2030-01-01T00:03:00.001Z", "", "45 of 2, complete")]
    [InlineData("end=2030-01-01T00:02:00Z", "", "12 of 2, complete")]
    [InlineData("start=2030-01-01T00:02:00Z,end=2030-01-01T00:04:00Z,with=romeo@localhost", "<max>1</max><before/>", "4 of 2")]
    [InlineData("after-id={1}", "", "2345 of 4, complete")]
    [InlineData("before-id={3}", "", "12 of 2, complete")]
    [InlineData("after-id={1},before-id={4}", "<max>1</max>", "2 of 2")]
    [InlineData("ids={4}|{2}", "", "24 of 2, complete")]
    [InlineData("unknown=x", "", "12345 of 5, complete")]
    public async Task Query_finds_a_page(string fields, string page, string found)
    {
        await using var archive = await FilledAsync();
        Assert.Equal(found, await archive.FindAsync(fields, page));
    }

    [Theory]
    [InlineData("", "<after>no</after>", "item-not-found")]
    [InlineData("", "<before>no</before>", "item-not-found")]
    [InlineData("after-id=no", "", "item-not-found")]
    [InlineData("before-id=no", "", "item-not-found")]
    [InlineData("ids={1}|no", "", "item-not-found")]
    [InlineData("", "<max>many</max>", "bad-request (many is no number of messages.)")]
    [InlineData("", "<max>-1</max>", "bad-request (-1 is no number of messages.)")]
    [InlineData("", "<max>99999999999</max>", "bad-request (99999999999 is no number of messages.)")]
    [InlineData("", "<index>1</index>", "feature-not-implemented (Pages are not found by their index.)")]
    [InlineData("with=@", "", "bad-request (@ is no address.)")]
    [InlineData("with=", "", "bad-request ( is no address.)")]
    [InlineData("start=yesterday", "", "bad-request (yesterday is no time.)")]
    [InlineData("end=2030-01-01T00:02:00", "", "bad-request (2030-01-01T00:02:00 is no time.)")]
    [InlineData("FORM_TYPE=other", "", "bad-request (The form's type is not urn:xmpp:mam:2.)")]
    public async Task Query_that_cannot_be_answered_is_refused(string fields, string page, string error)
    {
        await using var archive = await FilledAsync();
        Assert.Equal(error, await archive.FindAsync(fields, page));
        Assert.Empty(archive.Juliet.Unread);
    }

    [Theory]
    [InlineData("", "21 of 5")]
    [InlineData("<before/>", "54 of 5")]
    public async Task Flipped_page_comes_last_message_first(string page, string found)
    {
        await using var archive = await FilledAsync();
        Assert.Equal(found, await archive.FindAsync("", $"<max>2</max>{page}", "<flip-page/>"));
    }

    [Theory]
    [InlineData(50, "<max>40</max>", 30)]
    [InlineData(50, "", 20)]
    [InlineData(10, "<max>40</max>", 10)]
    [InlineData(10, "", 10)]
    public async Task Page_is_no_longer_than_the_server_wants(int pageSize, string page, int length)
    {
        await using var archive = await FilledAsync(25, pageSize);
        Assert.EndsWith(length == 30 ? "complete" : "of 30", await archive.FindAsync("", page), StringComparison.Ordinal);
        Assert.Equal(length, archive.Juliet.Unread.Count);
    }

    [Fact]
    public async Task Form_tells_what_can_be_asked()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        Assert.Equal(
            "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'>"
            + "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with' type='jid-single'/>"
            + "<field var='start' type='text-single'/><field var='end' type='text-single'/><field var='before-id' type='text-single'/>"
            + "<field var='after-id' type='text-single'/><field var='ids' type='list-multi'/></x></query>",
            await juliet.AskAsync("get", "<query xmlns='urn:xmpp:mam:2'/>"));
    }

    private static async Task<FilledArchive> FilledAsync(int more = 0, int pageSize = 50)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2030-01-01T00:00:00Z", CultureInfo.InvariantCulture));
        var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { TimeProvider = clock, Archive = new ArchiveOptions { PageSize = pageSize } }, Token);
        foreach (var name in new[] { "paris", "mercutio" })
        {
            server.AddAccount(name);
        }

        var juliet = await server.LoginAsync("juliet/balcony", Token);
        var romeo = await server.LoginAsync("romeo/orchard", Token);
        var n = 0;
        await SayAsync(juliet, "romeo@localhost");
        await SayAsync(juliet, "paris@localhost");
        await SayAsync(romeo, "juliet@localhost");
        await SayAsync(juliet, "romeo@localhost/orchard");
        await SayAsync(juliet, "romeo@localhost");
        for (var i = 0; i < more; i++)
        {
            await SayAsync(juliet, "romeo@localhost");
        }

        await romeo.DisposeAsync();
        await juliet.GotAsync();
        var ids = new List<string>();
        lock (server.Engine.Gate)
        {
            var all = server.Engine.Modules.Get<ArchiveModule>().Store!.Of(juliet.Jid.Bare).Find(new ArchiveQuery { Max = int.MaxValue })!;
            ids.AddRange(all.Messages.Select(m => m.Id));
        }

        Assert.Equal(5 + more, ids.Count);
        return new FilledArchive(server, juliet, ids);

        async Task SayAsync(TestUser user, string to)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await user.DoAsync($"<message to='{to}' type='chat'><body>{++n}</body></message>");
        }
    }

    private sealed record FilledArchive(XmppTestServer Server, TestUser Juliet, List<string> Ids) : IAsyncDisposable
    {
        /// <summary>Which messages are found, by their numbers, of how many, and whether those are all; or the error.</summary>
        public async Task<string> FindAsync(string fields, string page, string more = "")
        {
            var answer = await Juliet.AskAsync(
                "set", $"<query xmlns='urn:xmpp:mam:2'>{Form(fields)}<set xmlns='{Rsm}'>{WithIds(page)}</set>{more}</query>");
            if (answer[0] != '<')
            {
                return answer;
            }

            var bodies = Juliet.Unread.Select(m => m.ToString().Split("body>")[1].TrimEnd('<', '/')).ToArray();
            var complete = answer.Contains("complete='true'", StringComparison.Ordinal) ? ", complete" : "";
            return $"{string.Concat(bodies)} of {answer.Split("count>")[1].TrimEnd('<', '/')}{complete}";
        }

        public async ValueTask DisposeAsync()
        {
            await Juliet.DisposeAsync();
            await Server.DisposeAsync();
        }

        private string Form(string fields)
        {
            if (fields.Length == 0)
            {
                return "";
            }

            var type = fields.StartsWith("FORM_TYPE", StringComparison.Ordinal) ? "" : "FORM_TYPE=urn:xmpp:mam:2,";
            var xml = (type + fields).Split(',').Select(f => f.Split('=', 2)).Select(f =>
                $"<field var='{f[0]}'>{string.Concat(f[1].Split('|').Select(v => $"<value>{WithIds(v)}</value>"))}</field>");
            return $"<x xmlns='jabber:x:data' type='submit'>{string.Concat(xml)}</x>";
        }

        private string WithIds(string text)
        {
            for (var i = 0; i < Ids.Count; i++)
            {
                text = text.Replace($"{{{i + 1}}}", Ids[i], StringComparison.Ordinal);
            }

            return text;
        }
    }
}
