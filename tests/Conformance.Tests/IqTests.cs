namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6120 §8.2.3 and §8.4, RFC 6121 §8; XEP-0030, XEP-0199.</summary>
public sealed class IqTests(Targets targets) : ScenarioTests(targets)
{
    [Theory]
    [EachSubjectWith("Ping_of_the_server", "<iq type='get' id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_the_own_account", "<iq type='get' id='q1' to='alice@example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_nobody_in_particular", "<iq type='get' id='q1'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_another_account", "<iq type='get' id='q1' to='bob@example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_a_resource", "<iq type='get' id='q1' to='bob@example.test/one'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_a_resource_that_is_gone", "<iq type='get' id='q1' to='bob@example.test/gone'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_an_account_that_does_not_exist", "<iq type='get' id='q1' to='nobody@example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_a_resource_of_nobody", "<iq type='get' id='q1' to='nobody@example.test/one'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_of_another_domain", "<iq type='get' id='q1' to='nowhere.invalid'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Ping_that_sets", "<iq type='set' id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Unknown_to_the_server", "<iq type='get' id='q1' to='example.test'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_the_own_account", "<iq type='get' id='q1' to='alice@example.test'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_nobody_in_particular", "<iq type='set' id='q1'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_another_account", "<iq type='get' id='q1' to='bob@example.test'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_an_account_that_does_not_exist", "<iq type='get' id='q1' to='nobody@example.test'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_a_resource_that_is_gone", "<iq type='set' id='q1' to='bob@example.test/gone'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("Unknown_to_the_own_resource", "<iq type='get' id='q1' to='alice@example.test/one'><query xmlns='urn:example:unknown'/></iq>")]
    [EachSubjectWith("To_an_address_that_is_none", "<iq type='get' id='q1' to='@example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Without_id", "<iq type='get' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Without_id_to_a_resource", "<iq type='get' to='bob@example.test/one'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Without_type", "<iq id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Of_a_type_that_is_not_defined", "<iq type='nonsense' id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("Of_a_type_that_is_not_defined_to_a_resource", "<iq type='nonsense' id='q1' to='bob@example.test/one'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [EachSubjectWith("With_two_children", "<iq type='get' id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/><query xmlns='jabber:iq:version'/></iq>")]
    [EachSubjectWith("With_two_children_to_a_resource", "<iq type='get' id='q1' to='bob@example.test/one'><ping xmlns='urn:xmpp:ping'/><query xmlns='jabber:iq:version'/></iq>")]
    [EachSubjectWith("Without_child", "<iq type='get' id='q1' to='example.test'/>")]
    [EachSubjectWith("Without_child_to_a_resource", "<iq type='get' id='q1' to='bob@example.test/one'/>")]
    [EachSubjectWith("Result_that_nobody_waits_for", "<iq type='result' id='q1' to='example.test'/>")]
    [EachSubjectWith("Result_to_another_account", "<iq type='result' id='q1' to='bob@example.test'/>")]
    [EachSubjectWith("Result_to_a_resource_that_is_gone", "<iq type='result' id='q1' to='bob@example.test/gone'/>")]
    [EachSubjectWith("Error_to_a_resource", "<iq type='error' id='q1' to='bob@example.test/one'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")]
    [EachSubjectWith("Disco_of_another_account", "<iq type='get' id='q1' to='bob@example.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")]
    [EachSubjectWith("Disco_of_a_node_that_is_not_there", "<iq type='get' id='q1' to='example.test'><query xmlns='http://jabber.org/protocol/disco#info' node='nonsense'/></iq>")]
    [EachSubjectWith("Disco_of_an_account_that_does_not_exist", "<iq type='get' id='q1' to='nobody@example.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")]
    public Task Odd_request(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.OnlineAsync("alice/one");
            await s.OnlineAsync("bob/one");
            await s.SayAsync(alice, xml);
        },
        name);

    [Theory, EachSubject]
    public Task Request_to_a_resource_and_its_answer(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.SayAsync(alice, "<iq type='get' id='q1' to='bob@example.test/one'><query xmlns='jabber:iq:version'/></iq>");
        await s.SayAsync(bob, "<iq type='result' id='q1' to='alice@example.test/one'><query xmlns='jabber:iq:version'><name>bob</name></query></iq>");
    });
}
