namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6121 §8.5.2.2, XEP-0160.</summary>
public sealed class OfflineTests(Targets targets) : ScenarioTests(targets)
{
    [Theory, EachSubject]
    public Task Messages_of_each_type_wait_or_not(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.AddAccountAsync("bob");
        foreach (var type in new[] { "chat", "normal", "headline", "groupchat" })
            await s.SayAsync(alice, $"<message id='{type}' type='{type}' to='bob@example.test'><body>{type}</body></message>");
        await s.SayAsync(alice, "<message id='error' type='error' to='bob@example.test'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        var bob = await s.LoginAsync("bob/one");
        await s.SayAsync(bob, "<presence/>");
    });

    [Theory, EachSubject]
    public Task Messages_to_a_resource_that_is_gone_wait_too(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.AddAccountAsync("bob");
        await s.SayAsync(alice, "<message id='m1' type='chat' to='bob@example.test/gone'><body>chat</body></message>");
        await s.SayAsync(alice, "<message id='m2' to='bob@example.test/gone'><body>normal</body></message>");
        await s.SayAsync(alice, "<message id='m3' type='headline' to='bob@example.test/gone'><body>headline</body></message>");
        var bob = await s.LoginAsync("bob/one");
        await s.SayAsync(bob, "<presence/>");
    });

    [Theory, EachSubject]
    public Task Delivered_once_and_only_to_who_may_have_them(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.AddAccountAsync("bob");
        await s.SayAsync(alice, "<message id='m1' type='chat' to='bob@example.test'><body>one</body></message>", "<message id='m2' type='chat' to='bob@example.test'><body>two</body></message>");
        var never = await s.LoginAsync("bob/never");
        await s.SayAsync(never, "<presence><priority>-1</priority></presence>");
        var bob = await s.LoginAsync("bob/one");
        await s.SettleAsync();
        await s.SayAsync(bob, "<presence/>");
        var second = await s.LoginAsync("bob/two");
        await s.SayAsync(second, "<presence/>");
    });

    [Theory, EachSubject]
    public Task Nobody_available_is_as_good_as_offline(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var never = await s.OnlineAsync("bob/never", priority: -1);
        await s.SayAsync(alice, "<message id='m1' type='chat' to='bob@example.test'><body>hello</body></message>");
        await s.SayAsync(never, "<presence><priority>0</priority></presence>");
    });

    [Theory]
    [EachSubjectWith("Chat_state", "<active xmlns='http://jabber.org/protocol/chatstates'/>")]
    [EachSubjectWith("Receipt", "<received xmlns='urn:xmpp:receipts' id='m0'/>")]
    [EachSubjectWith("Subject_only", "<subject>hello</subject>")]
    [EachSubjectWith("Not_to_be_stored", "<body>hello</body><no-store xmlns='urn:xmpp:hints'/>")]
    [EachSubjectWith("To_be_stored_without_a_body", "<store xmlns='urn:xmpp:hints'/><x xmlns='urn:example:x'/>")]
    [EachSubjectWith("Something_else", "<x xmlns='urn:example:x'/>")]
    [EachSubjectWith("With_a_delay_of_its_own", "<body>hello</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/>")]
    public Task Odd_content(Subject subject, string name, string content) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.OnlineAsync("alice/one");
            await s.AddAccountAsync("bob");
            await s.SayAsync(alice, $"<message id='m1' type='chat' to='bob@example.test'>{content}</message>");
            var bob = await s.LoginAsync("bob/one");
            await s.SayAsync(bob, "<presence/>");
        },
        name);
}
