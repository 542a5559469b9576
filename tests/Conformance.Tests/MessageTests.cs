namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6121 §5 and §8, XEP-0280.</summary>
public sealed class MessageTests(Targets targets) : ScenarioTests(targets)
{
    private static readonly string[] Types = ["chat", "normal", "headline", "groupchat", "error"];

    [Theory, EachSubject]
    public Task To_a_resource(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/one");
        await s.OnlineAsync("bob/two", priority: 5);
        await SayEachTypeAsync(s, alice, "bob@example.test/one");
    });

    [Theory, EachSubject]
    public Task To_an_account_whose_resources_have_one_priority(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/one");
        await s.OnlineAsync("bob/two");
        await SayEachTypeAsync(s, alice, "bob@example.test");
    });

    [Theory, EachSubject]
    public Task To_an_account_whose_resources_have_several_priorities(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/low", priority: 1);
        await s.OnlineAsync("bob/high", priority: 5);
        await s.OnlineAsync("bob/never", priority: -1);
        await s.LoginAsync("bob/silent");
        await SayEachTypeAsync(s, alice, "bob@example.test");
    });

    [Theory, EachSubject]
    public Task To_a_resource_of_negative_priority(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/never", priority: -1);
        await SayEachTypeAsync(s, alice, "bob@example.test/never");
    });

    [Theory, EachSubject]
    public Task To_a_resource_that_is_not_available(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.LoginAsync("bob/silent");
        await SayEachTypeAsync(s, alice, "bob@example.test/silent");
    });

    [Theory, EachSubject]
    public Task To_a_resource_that_is_gone_while_another_is_there(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/one");
        await SayEachTypeAsync(s, alice, "bob@example.test/gone");
    });

    [Theory, EachSubject]
    public Task To_an_account_that_does_not_exist(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await SayEachTypeAsync(s, alice, "nobody@example.test");
        await SayEachTypeAsync(s, alice, "nobody@example.test/one");
    });

    [Theory, EachSubject]
    public Task To_oneself(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("alice/two");
        await s.SayAsync(alice, "<message id='m1' type='chat' to='alice@example.test'><body>to my account</body></message>");
        await s.SayAsync(alice, "<message id='m2' type='chat' to='alice@example.test/one'><body>to myself</body></message>");
        await s.SayAsync(alice, "<message id='m3' type='chat' to='alice@example.test/two'><body>to my other self</body></message>");
        await s.SayAsync(alice, "<message id='m4' type='chat'><body>to nobody</body></message>");
    });

    [Theory]
    [EachSubjectWith("To_the_server", "<message id='m1' type='chat' to='example.test'><body>hello</body></message>")]
    [EachSubjectWith("To_a_resource_of_the_server", "<message id='m1' type='chat' to='example.test/motd'><body>hello</body></message>")]
    [EachSubjectWith("To_another_domain", "<message id='m1' type='chat' to='bob@nowhere.invalid'><body>hello</body></message>")]
    [EachSubjectWith("To_an_address_that_is_none", "<message id='m1' type='chat' to='@example.test'><body>hello</body></message>")]
    [EachSubjectWith("To_an_empty_address", "<message id='m1' type='chat' to=''><body>hello</body></message>")]
    [EachSubjectWith("To_an_account_in_capitals", "<message id='m1' type='chat' to='Bob@Example.Test/one'><body>hello</body></message>")]
    [EachSubjectWith("Of_a_type_that_is_not_defined", "<message id='m1' type='nonsense' to='bob@example.test/one'><body>hello</body></message>")]
    [EachSubjectWith("Without_a_body", "<message id='m1' type='chat' to='bob@example.test'><active xmlns='http://jabber.org/protocol/chatstates'/></message>")]
    [EachSubjectWith("Without_anything", "<message to='bob@example.test/one'/>")]
    [EachSubjectWith("With_everything", "<message id='m1' type='chat' xml:lang='de' to='bob@example.test/one'><subject>s</subject><body>a &amp; b</body><body xml:lang='en'>c</body><thread parent='p'>t</thread><x xmlns='urn:example:x' a='1'><y/></x></message>")]
    [EachSubjectWith("With_an_id_of_the_archive_that_is_forged", "<message id='m1' type='chat' to='bob@example.test/one'><body>hello</body><stanza-id xmlns='urn:xmpp:sid:0' id='forged' by='bob@example.test'/></message>")]
    public Task Odd_message(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.OnlineAsync("alice/one");
            await s.OnlineAsync("bob/one");
            await s.SayAsync(alice, xml);
        },
        name);

    [Theory, EachSubject]
    public Task Order_is_kept(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.OnlineAsync("bob/one");
        await s.SayAsync(alice, [.. Enumerable.Range(1, 20).Select(i => $"<message id='m{i}' type='chat' to='bob@example.test/one'><body>{i}</body></message>")]);
    });

    [Theory, EachSubject]
    public Task Carbons(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var other = await s.OnlineAsync("alice/two");
        var bob = await s.OnlineAsync("bob/one");
        await s.SayAsync(other, "<iq type='set' id='c1'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
        await s.SayAsync(alice, "<message id='m1' type='chat' to='bob@example.test/one'><body>sent</body></message>");
        await s.SayAsync(bob, "<message id='m2' type='chat' to='alice@example.test/one'><body>received</body></message>");
        await s.SayAsync(bob, "<message id='m3' to='alice@example.test/one'><body>normal</body></message>");
        await s.SayAsync(bob, "<message id='m4' type='headline' to='alice@example.test/one'><body>headline</body></message>");
        await s.SayAsync(bob, "<message id='m5' type='chat' to='alice@example.test/one'><body>private</body><private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/></message>");
        await s.SayAsync(bob, "<message id='m6' type='chat' to='alice@example.test/one'><active xmlns='http://jabber.org/protocol/chatstates'/></message>");
        await s.SayAsync(bob, "<message id='m7' type='error' to='alice@example.test/one'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        await s.SayAsync(bob, "<message id='m8' type='chat' to='alice@example.test'><body>to the account</body></message>");
        await s.SayAsync(other, "<iq type='set' id='c2'><disable xmlns='urn:xmpp:carbons:2'/></iq>");
        await s.SayAsync(bob, "<message id='m9' type='chat' to='alice@example.test/one'><body>no carbon</body></message>");
    });

    [Theory, EachSubject]
    public Task Carbons_are_refused(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.AddAccountAsync("bob");
        await s.SayAsync(alice, "<iq type='set' id='c1' to='bob@example.test'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
        await s.SayAsync(alice, "<iq type='get' id='c2'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
        await s.SayAsync(alice, "<iq type='set' id='c3'><nonsense xmlns='urn:xmpp:carbons:2'/></iq>");
    });

    private static async Task SayEachTypeAsync(Scenario s, Peer peer, string to)
    {
        foreach (var type in Types)
        {
            var content = type == "error"
                ? "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                : $"<body>{type}</body>";
            await s.SayAsync(peer, $"<message id='{type}' type='{type}' to='{to}'>{content}</message>");
        }
    }
}
