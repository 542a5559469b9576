namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6120 §4.</summary>
public sealed class StreamErrorTests(Targets targets) : ScenarioTests(targets)
{
    [Theory]
    [EachSubjectWith("Header_for_another_host", "to='nowhere.invalid' version='1.0'")]
    [EachSubjectWith("Header_for_no_host", "version='1.0'")]
    [EachSubjectWith("Header_without_a_version", "to='example.test'")]
    [EachSubjectWith("Header_of_version_two", "to='example.test' version='2.0'")]
    [EachSubjectWith("Header_in_another_namespace", "to='example.test' version='1.0' xmlns='jabber:nonsense'")]
    [EachSubjectWith("Header_of_a_server", "to='example.test' version='1.0' xmlns='jabber:server'")]
    public Task Odd_header(Subject subject, string name, string attributes) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.ConnectAsync("alice/one");
            await alice.OpenOnlyAsync(attributes);
            await alice.SendAsync("</stream:stream>");
            await alice.UntilClosedAsync();
            await s.SettleAsync();
        },
        name);

    [Theory]
    [EachSubjectWith("Prefix_without_namespace", "<message><a:b/></message>")]
    [EachSubjectWith("Character_that_XML_has_not", "<message><body>a&#1;b</body></message>")]
    [EachSubjectWith("Entity_that_nobody_defined", "<message><body>&nbsp;</body></message>")]
    [EachSubjectWith("Comment", "<!-- a comment --><presence/>")]
    [EachSubjectWith("Processing_instruction", "<?instruction?><presence/>")]
    [EachSubjectWith("Document_type", "<!DOCTYPE a><presence/>")]
    [EachSubjectWith("Text_between_stanzas", "hello<presence/>")]
    [EachSubjectWith("Element_that_is_no_stanza", "<letter to='bob@example.test'/>")]
    [EachSubjectWith("Stanza_in_another_namespace", "<message xmlns='jabber:nonsense' to='bob@example.test'/>")]
    [EachSubjectWith("Stanza_in_the_namespace_of_servers", "<message xmlns='jabber:server' to='bob@example.test'/>")]
    [EachSubjectWith("Element_that_nobody_knows", "<nonsense xmlns='urn:example:nonsense'/>")]
    [EachSubjectWith("Sender_that_is_somebody_else", "<message from='bob@example.test' to='alice@example.test' id='m1'><body>hello</body></message>")]
    [EachSubjectWith("Sender_that_is_another_resource", "<message from='alice@example.test/other' to='alice@example.test' id='m1'><body>hello</body></message>")]
    [EachSubjectWith("Sender_that_is_the_bare_account", "<iq type='get' id='q1' from='alice@example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Error_of_the_client", "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")]
    public Task Odd_element(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.LoginAsync("alice/one");
            await alice.SendAsync(xml);

            // Whether it ends the stream is the question: this is answered, or the stream is closed first.
            await alice.SendAsync("<iq type='get' id='last' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
            while (await alice.NextAsync() is { } answer && answer.Attribute("id")?.Value != "last")
            {
            }
        },
        name);

    [Theory, EachSubject]
    public Task Tags_that_do_not_match(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");

        // The test server notices once the outermost element ends.
        await alice.SendTogetherAsync("<message><body>hello</message>", "</stream:stream>");
        await alice.UntilClosedAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Stanza_that_is_too_large(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await alice.SendAsync(
            $"<message to='alice@example.test' id='m1'><body>{new string('x', 300_000)}</body></message>",
            "<message to='alice@example.test' id='m1'><body>(300,000 characters)</body></message>");
        await alice.UntilClosedAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task End_of_the_stream_is_answered(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await alice.CloseAsync();
        await s.SettleAsync();
    });
}
