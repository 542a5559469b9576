namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6121 §2.</summary>
public sealed class RosterTests(Targets targets) : ScenarioTests(targets)
{
    private const string Get = "<iq type='get' id='get'><query xmlns='jabber:iq:roster'/></iq>";

    [Theory, EachSubject]
    public Task Empty_roster(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, Get);
    });

    [Theory, EachSubject]
    public Task Item_is_set_changed_and_removed(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, Get);
        await s.SayAsync(alice, Set("<item jid='nurse@example.test' name='Nurse'><group>Servants</group></item>"));
        await s.SayAsync(alice, Set("<item jid='nurse@example.test' name='Angelica'/>"));
        await s.SayAsync(alice, Get);
        await s.SayAsync(alice, Set("<item jid='nurse@example.test' subscription='remove'/>"));
        await s.SayAsync(alice, Get);
    });

    [Theory, EachSubject]
    public Task Push_goes_to_resources_that_asked_for_the_roster(Subject subject) => PlayAsync(subject, async s =>
    {
        var one = await s.OnlineAsync("alice/one");
        var two = await s.OnlineAsync("alice/two");
        await s.LoginAsync("alice/three");
        await s.SayAsync(one, Get);
        await s.SayAsync(two, Get);
        await s.SayAsync(one, Set("<item jid='nurse@example.test' name='Nurse'/>"));
    });

    [Theory, EachSubject]
    public Task Change_by_a_resource_that_has_not_asked(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, Set("<item jid='nurse@example.test'/>"));
        await s.SayAsync(alice, Get);
    });

    [Theory]
    [EachSubjectWith("Set_of_nothing", "")]
    [EachSubjectWith("Set_of_two_items", "<item jid='nurse@example.test'/><item jid='friar@example.test'/>")]
    [EachSubjectWith("Set_of_no_address", "<item name='Nurse'/>")]
    [EachSubjectWith("Set_of_an_empty_address", "<item jid=''/>")]
    [EachSubjectWith("Set_of_a_bad_address", "<item jid='@example.test'/>")]
    [EachSubjectWith("Set_of_an_address_with_a_resource", "<item jid='nurse@example.test/kitchen'/>")]
    [EachSubjectWith("Set_of_a_domain", "<item jid='example.test' name='Server'/>")]
    [EachSubjectWith("Set_of_ones_own_address", "<item jid='alice@example.test' name='Me'/>")]
    [EachSubjectWith("Set_of_an_address_in_capitals", "<item jid='Nurse@Example.Test' name='Nurse'/>")]
    [EachSubjectWith("Set_of_an_empty_group", "<item jid='nurse@example.test'><group/></item>")]
    [EachSubjectWith("Set_of_one_group_twice", "<item jid='nurse@example.test'><group>a</group><group>a</group></item>")]
    [EachSubjectWith("Set_of_an_empty_name", "<item jid='nurse@example.test' name=''/>")]
    [EachSubjectWith("Set_of_a_subscription", "<item jid='nurse@example.test' subscription='both' ask='subscribe'/>")]
    [EachSubjectWith("Set_of_an_unknown_subscription", "<item jid='nurse@example.test' subscription='nonsense'/>")]
    [EachSubjectWith("Removal_of_nobody", "<item jid='nurse@example.test' subscription='remove'/>")]
    public Task Odd_set(Subject subject, string name, string item) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await s.LoginAsync("alice/one");
            await s.QuietlyAsync(() => s.SayAsync(alice, Get));
            await s.SayAsync(alice, Set(item));
            await s.SayAsync(alice, Get);
        },
        name);

    [Theory, EachSubject]
    public Task Roster_of_somebody_else(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.AddAccountAsync("bob");
        await s.SayAsync(alice, "<iq type='get' id='r1' to='bob@example.test'><query xmlns='jabber:iq:roster'/></iq>");
        await s.SayAsync(alice, "<iq type='set' id='r2' to='bob@example.test'><query xmlns='jabber:iq:roster'><item jid='nurse@example.test'/></query></iq>");
    });

    [Theory, EachSubject]
    public Task Roster_by_the_own_address(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, "<iq type='get' id='r1' to='alice@example.test'><query xmlns='jabber:iq:roster'/></iq>");
    });

    [Theory, EachSubject]
    public Task Version_that_is_known_gets_nothing_new(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, Set("<item jid='nurse@example.test' name='Nurse'/>"));
        await alice.SendAsync("<iq type='get' id='get'><query xmlns='jabber:iq:roster' ver=''/></iq>");
        var roster = await alice.UntilAsync(e => e.Attribute("id")?.Value == "get");
        await s.SettleAsync();
        var version = roster.Element(Ns.Roster + "query")?.Attribute("ver")?.Value;
        const string Known = "<iq type='get' id='known'><query xmlns='jabber:iq:roster' ver='{version}'/></iq>";
        await alice.SendAsync(Known.Replace("{version}", version, StringComparison.Ordinal), Known);
        await s.SettleAsync();
        await s.SayAsync(alice, "<iq type='get' id='unknown'><query xmlns='jabber:iq:roster' ver='nonsense'/></iq>");
    });

    private static string Set(string item) => $"<iq type='set' id='set'><query xmlns='jabber:iq:roster'>{item}</query></iq>";
}
