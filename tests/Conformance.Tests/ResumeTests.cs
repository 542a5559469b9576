using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>XEP-0198.</summary>
public sealed class ResumeTests(Targets targets) : ScenarioTests(targets)
{
    private const string Sm = "urn:xmpp:sm:3";

    [Theory, EachSubject]
    public Task Enabled_with_resumption(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}' resume='true'/>");
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Enabled_without_resumption(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}'/>");
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Enabled_twice(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}' resume='true'/>");
        await alice.NextAsync();
        await alice.SendAsync($"<enable xmlns='{Sm}' resume='true'/>");
        await AskAsync(alice);
    });

    [Theory, EachSubject]
    public Task Enabled_before_a_resource(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await AuthenticateAsync(s, "alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}' resume='true'/>");
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Acknowledgement_counts_stanzas(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}'/>");
        await alice.NextAsync();
        await AskAsync(alice);
        await alice.SendAsync("<presence/>");
        await alice.SendAsync("<message to='alice@example.test/one' id='m1'><body>one</body></message>");
        await alice.SendAsync("<iq type='get' id='q1'><ping xmlns='urn:xmpp:ping'/></iq>");
        await alice.SendAsync($"<a xmlns='{Sm}' h='0'/>");
        await alice.UntilAsync(e => e.Attribute("id")?.Value == "m1");
        await AskAsync(alice);
    });

    [Theory, EachSubject]
    public Task Request_before_enabling(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<r xmlns='{Sm}'/>");
        await alice.SendAsync("<iq type='get' id='last'><ping xmlns='urn:xmpp:ping'/></iq>");
        while (await alice.NextAsync() is { } answer && answer.Attribute("id")?.Value != "last")
        {
        }
    });

    [Theory, EachSubject]
    public Task Acknowledgement_of_what_was_never_sent(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync($"<enable xmlns='{Sm}'/>");
        await alice.NextAsync();
        await alice.SendAsync($"<a xmlns='{Sm}' h='99'/>");
        await alice.SendAsync("<iq type='get' id='last'><ping xmlns='urn:xmpp:ping'/></iq>");
        while (await alice.NextAsync() is { } answer && answer.Attribute("id")?.Value != "last")
        {
        }
    });

    [Theory, EachSubject]
    public Task Resumed_with_nothing_missed(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, id) = await EnableAsync(s);
        await alice.HangUpAsync();
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 0);
        await again.NextAsync();
        await AskAsync(again);
    });

    [Theory, EachSubject]
    public Task Resumed_with_what_came_meanwhile(Subject subject) => PlayAsync(subject, async s =>
    {
        var bob = await s.OnlineAsync("bob/one");
        var (alice, id) = await EnableAsync(s);
        await s.SayAsync(bob, "<message type='chat' id='m0' to='alice@example.test/one'><body>acknowledged</body></message>");
        await alice.UntilAsync(e => e.Attribute("id")?.Value == "m0");
        await alice.SendAsync($"<a xmlns='{Sm}' h='2'/>");
        await s.SayAsync(bob, "<message type='chat' id='m1' to='alice@example.test/one'><body>not acknowledged</body></message>");
        await alice.UntilAsync(e => e.Attribute("id")?.Value == "m1");
        await alice.HangUpAsync();
        await s.SayAsync(bob, "<message type='chat' id='m2' to='alice@example.test/one'><body>to the resource</body></message>");
        await s.SayAsync(bob, "<message type='chat' id='m3' to='alice@example.test'><body>to the account</body></message>");
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 2);
        await again.NextAsync();
        again.IsFenced = true;
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Contacts_see_nothing_of_a_resumption(Subject subject) => PlayAsync(subject, async s =>
    {
        var bob = await s.OnlineAsync("bob/one");
        var (alice, id) = await EnableAsync(s);
        alice.IsFenced = true;
        await s.BefriendAsync(alice, bob);
        await alice.HangUpAsync();
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 0);
        await again.UntilAsync(e => e.Name.LocalName is "resumed" or "failed");
        await s.QuietlyAsync(async () =>
        {
            again.IsFenced = true;
            await s.SettleAsync();
        });
        await s.SayAsync(again, "<presence id='p1'><show>away</show></presence>");
    });

    [Theory, EachSubject]
    public Task Taken_over_while_the_old_connection_lives(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, id) = await EnableAsync(s);
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 0);
        await again.NextAsync();
        await alice.UntilClosedAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Session_that_nobody_knows(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(alice, "no-such-session", 0);
        await alice.NextAsync();
        await alice.BindAsync();
    });

    [Theory, EachSubject]
    public Task Session_of_somebody_else(Subject subject) => PlayAsync(subject, async s =>
    {
        var (_, id) = await EnableAsync(s);
        var bob = await AuthenticateAsync(s, "bob/one");
        await ResumeAsync(bob, id, 0);
        await bob.NextAsync();
    });

    [Theory, EachSubject]
    public Task Session_that_was_closed(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, id) = await EnableAsync(s);
        await alice.CloseAsync();
        await s.SettleAsync();
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 0);
        await again.NextAsync();
    });

    [Theory, EachSubject]
    public Task Resumed_with_more_than_was_sent(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, id) = await EnableAsync(s);
        await alice.HangUpAsync();
        var again = await AuthenticateAsync(s, "alice/one");
        await ResumeAsync(again, id, 99);
        await again.NextAsync();
    });

    [Theory, EachSubject]
    public Task Resumed_after_a_resource_was_bound(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, id) = await EnableAsync(s);
        await alice.HangUpAsync();
        var again = await s.LoginAsync("alice/two");
        await ResumeAsync(again, id, 0);
        await again.NextAsync();
    });

    private static Task ResumeAsync(Peer peer, string id, int h)
    {
        // Its id was given out of sight of the record.
        var recorded = id.StartsWith("no-such", StringComparison.Ordinal) ? id : "{session1}";
        return peer.SendAsync($"<resume xmlns='{Sm}' previd='{id}' h='{h}'/>", $"<resume xmlns='{Sm}' previd='{recorded}' h='{h}'/>");
    }

    private static async Task AskAsync(Peer peer)
    {
        await peer.SendAsync($"<r xmlns='{Sm}'/>");
        await peer.UntilAsync(element => element.Name == XName.Get("a", Sm));
        peer.RecordHeard();
    }

    /// <summary>
    /// Alice, available, with a session that she can resume; unrecorded. She has received one stanza, and passes no fences:
    /// their answers would count.
    /// </summary>
    private static async Task<(Peer Alice, string Id)> EnableAsync(Scenario s)
    {
        var alice = await s.LoginAsync("alice/one");
        string? id = null;
        await s.QuietlyAsync(async () =>
        {
            await alice.SendAsync($"<enable xmlns='{Sm}' resume='true'/>");
            id = (await alice.NextAsync())?.Attribute("id")?.Value;
            await alice.SendAsync("<presence/>");
            await alice.UntilAsync(e => e.Name == Ns.Client + "presence");
            alice.RecordHeard();
            alice.IsFenced = false;
        });
        return (alice, id!);
    }

    private static async Task<Peer> AuthenticateAsync(Scenario s, string address)
    {
        var peer = await s.ConnectAsync(address);
        await s.QuietlyAsync(() => peer.LoginAsync());
        return peer;
    }
}
