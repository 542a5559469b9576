namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6121 §3.</summary>
public sealed class SubscriptionTests(Targets targets) : ScenarioTests(targets)
{
    private const string Roster = "<iq type='get' id='get'><query xmlns='jabber:iq:roster'/></iq>";

    [Theory, EachSubject]
    public Task Request_is_granted(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' id='p1' to='bob@example.test'><status>let me in</status></presence>");
        await s.SayAsync(bob, "<presence type='subscribed' id='p2' to='alice@example.test'/>");
        await s.SayAsync(bob, "<presence id='p3'><show>away</show></presence>");
        await s.SayAsync(bob, Roster);
    });

    [Theory, EachSubject]
    public Task Request_is_denied(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
        await s.SayAsync(bob, "<presence type='unsubscribed' to='alice@example.test'/>");
        await s.SayAsync(alice, Roster);
        await s.SayAsync(bob, Roster);
    });

    [Theory, EachSubject]
    public Task Both_ways_then_one_takes_it_back(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.BefriendAsync(alice, bob);
        await s.SayAsync(alice, Roster);
        await s.SayAsync(bob, "<presence type='unsubscribed' to='alice@example.test'/>");
        await s.SayAsync(alice, "<presence><status>still seen</status></presence>");
        await s.SayAsync(bob, "<presence><status>not seen</status></presence>");
    });

    [Theory, EachSubject]
    public Task Subscriber_no_longer_wants_it(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.BefriendAsync(alice, bob);
        await s.SayAsync(alice, "<presence type='unsubscribe' to='bob@example.test'/>");
        await s.SayAsync(bob, "<presence><status>not seen</status></presence>");
        await s.SayAsync(bob, Roster);
    });

    [Theory, EachSubject]
    public Task Removal_from_the_roster_ends_both_ways(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.BefriendAsync(alice, bob);
        await s.SayAsync(alice, "<iq type='set' id='r1'><query xmlns='jabber:iq:roster'><item jid='bob@example.test' subscription='remove'/></query></iq>");
        await s.SayAsync(bob, Roster);
    });

    [Theory, EachSubject]
    public Task Request_waits_for_a_contact_who_is_offline(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.AddAccountAsync("bob");
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
        var bob = await s.LoginAsync("bob/one");
        await s.SayAsync(bob, Roster);
        await s.SayAsync(bob, "<presence/>");
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
    });

    [Theory, EachSubject]
    public Task Answer_waits_for_a_subscriber_who_is_offline(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.QuietlyAsync(async () =>
        {
            await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
            await alice.CloseAsync();
            await s.SettleAsync();
        });
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
        var again = await s.LoginAsync("alice/two");
        await s.SayAsync(again, Roster);
        await s.SayAsync(again, "<presence/>");
    });

    [Theory, EachSubject]
    public Task Request_twice_and_grant_twice(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
    });

    [Theory, EachSubject]
    public Task Grant_that_nobody_asked_for(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.SayAsync(bob, "<presence type='unsubscribed' to='alice@example.test'/>");
        await s.SayAsync(bob, "<presence type='unsubscribe' to='alice@example.test'/>");
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
        await s.SayAsync(alice, Roster);
    });

    [Theory, EachSubject]
    public Task Request_to_a_full_address(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, _) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test/one'/>");
    });

    [Theory, EachSubject]
    public Task Request_to_nobody(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, _) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='nobody@example.test'/>");
    });

    [Theory, EachSubject]
    public Task Request_to_oneself(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, _) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='alice@example.test'/>");
    });

    [Theory, EachSubject]
    public Task Request_to_the_server(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, _) = await MeetAsync(s);
        await s.SayAsync(alice, "<presence type='subscribe' to='example.test'/>");
    });

    [Theory, EachSubject]
    public Task Request_reaches_every_resource_and_the_answer_too(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await MeetAsync(s);
        await s.OnlineAsync("alice/two");
        await s.OnlineAsync("bob/two", priority: -1);
        await s.SayAsync(alice, "<presence type='subscribe' to='bob@example.test'/>");
        await s.SayAsync(bob, "<presence type='subscribed' to='alice@example.test'/>");
    });

    private static async Task<(Peer Alice, Peer Bob)> MeetAsync(Scenario s)
    {
        var alice = await s.OnlineAsync("alice/one");
        return (alice, await s.OnlineAsync("bob/one"));
    }
}
