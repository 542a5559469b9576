namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6121 §4.</summary>
public sealed class PresenceTests(Targets targets) : ScenarioTests(targets)
{
    [Theory, EachSubject]
    public Task First_presence_is_shown_to_contacts_and_brings_theirs(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await FriendsAsync(s);
        await s.SayAsync(alice, "<presence type='unavailable' id='p1'><status>gone to bed</status></presence>");
        await s.QuietlyAsync(() => s.SayAsync(bob, "<presence><show>dnd</show><priority>7</priority></presence>"));
        await s.SayAsync(alice, "<presence id='p2'><show>chat</show><status>here</status><priority>3</priority></presence>");
        await s.SayAsync(alice, "<presence id='p3'><show>xa</show></presence>");
    });

    [Theory, EachSubject]
    public Task Resources_of_one_account_see_each_other(Subject subject) => PlayAsync(subject, async s =>
    {
        var one = await s.LoginAsync("alice/one");
        await s.SayAsync(one, "<presence id='p1'/>");
        var two = await s.LoginAsync("alice/two");
        await s.SayAsync(two, "<presence id='p2'><priority>-1</priority></presence>");
        await s.SayAsync(two, "<presence id='p3' type='unavailable'/>");
        await s.SayAsync(one, "<presence id='p4'><show>away</show></presence>");
    });

    [Theory, EachSubject]
    public Task End_of_the_stream_is_shown(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await FriendsAsync(s);
        await alice.CloseAsync();
        await bob.UntilUnavailableAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Broken_connection_is_shown(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await FriendsAsync(s);
        await alice.HangUpAsync();
        await bob.UntilUnavailableAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Directed_presence_ends_with_the_session(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.OnlineAsync("carol/one");
        await s.SayAsync(alice, "<presence id='p1' to='bob@example.test/one'><status>just for you</status></presence>");
        await s.SayAsync(alice, "<presence id='p2' to='carol@example.test'><status>and for you</status></presence>");
        await s.SayAsync(alice, "<presence id='p3'><status>for nobody</status></presence>");
        await s.SayAsync(alice, "<presence id='p4' to='carol@example.test' type='unavailable'/>");
        await alice.CloseAsync();
        await bob.UntilUnavailableAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Directed_presence_of_somebody_who_is_not_available(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.SayAsync(alice, "<presence id='p1' to='bob@example.test/one'/>");
        await alice.CloseAsync();
        await bob.UntilUnavailableAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Probe(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob) = await FriendsAsync(s);
        var carol = await s.OnlineAsync("carol/one");
        await s.QuietlyAsync(() => s.SayAsync(bob, "<presence id='p0'><status>present</status></presence>"));
        await s.SayAsync(alice, "<presence id='p1' type='probe' to='bob@example.test'/>");
        await s.SayAsync(alice, "<presence id='p2' type='probe' to='bob@example.test/one'/>");
        await s.SayAsync(carol, "<presence id='p3' type='probe' to='bob@example.test'/>");
        await s.SayAsync(carol, "<presence id='p4' type='probe' to='nobody@example.test'/>");
        await bob.CloseAsync();
        await alice.UntilUnavailableAsync();
        await s.SettleAsync();
        await s.SayAsync(alice, "<presence id='p5' type='probe' to='bob@example.test'/>");
    });

    [Theory]
    [EachSubjectWith("Priority_too_large", "<presence id='p1'><priority>128</priority></presence>")]
    [EachSubjectWith("Priority_that_is_no_number", "<presence id='p1'><priority>high</priority></presence>")]
    [EachSubjectWith("Show_that_is_not_defined", "<presence id='p1'><show>busy</show></presence>")]
    [EachSubjectWith("Type_that_is_not_defined", "<presence id='p1' type='available'/>")]
    [EachSubjectWith("Error_without_address", "<presence id='p1' type='error'/>")]
    [EachSubjectWith("Subscription_without_address", "<presence id='p1' type='subscribe'/>")]
    [EachSubjectWith("Presence_to_a_bad_address", "<presence id='p1' to='@example.test'/>")]
    [EachSubjectWith("Presence_to_nobody", "<presence id='p1' to='nobody@example.test'/>")]
    [EachSubjectWith("Presence_to_a_resource_that_is_gone", "<presence id='p1' to='bob@example.test/gone'/>")]
    [EachSubjectWith("Presence_to_another_domain", "<presence id='p1' to='bob@nowhere.invalid'/>")]
    [EachSubjectWith("Presence_to_the_server", "<presence id='p1' to='example.test'/>")]
    [EachSubjectWith("Presence_with_more_in_it", "<presence id='p1'><x xmlns='urn:example:some'/><e xmlns='urn:example:more'>more</e></presence>")]
    public Task Odd_presence(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var (alice, _) = await FriendsAsync(s);
            await s.SayAsync(alice, xml);
        },
        name);

    private static async Task<(Peer Alice, Peer Bob)> FriendsAsync(Scenario s)
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.BefriendAsync(alice, bob);
        return (alice, bob);
    }
}
