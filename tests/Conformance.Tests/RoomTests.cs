namespace XmppChatClient.Conformance.Tests;

/// <summary>XEP-0045.</summary>
public sealed class RoomTests(Targets targets) : ScenarioTests(targets)
{
    private const string Room = "room@conference.example.test";

    [Theory, EachSubject]
    public Task Created_by_whoever_comes_first(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        await s.CreateRoomAsync(alice);
        await s.SayAsync(alice, Unlock);
    });

    [Theory, EachSubject]
    public Task Locked_until_its_owner_has_configured_it(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        await s.QuietlyAsync(() => s.CreateRoomAsync(alice));
        await s.SayAsync(bob, Join("bob"));
        s.FenceNoLongerThrough(Room);
        await s.SayAsync(alice, "<iq type='set' id='o1' to='room@conference.example.test'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='cancel'/></query></iq>");
    });

    [Theory, EachSubject]
    public Task Join_say_and_leave(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>hello</body></message>");
        await s.SayAsync(bob, "<presence id='p1' to='room@conference.example.test/bob'><show>away</show><status>tea</status></presence>");
        await s.SayAsync(bob, "<presence id='p2' type='unavailable' to='room@conference.example.test/bob'><status>bye</status></presence>");
        await s.SayAsync(carol, Join("carol"));
        await carol.CloseAsync();
        await alice.UntilUnavailableAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task History(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        for (var i = 1; i <= 3; i++)
            await s.SayAsync(alice, $"<message id='m{i}' type='groupchat' to='room@conference.example.test'><body>{i}</body></message>");
        await s.SayAsync(bob, "<presence id='j1' to='room@conference.example.test/bob'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='2'/></x></presence>");
        await s.SayAsync(carol, "<presence id='j2' to='room@conference.example.test/carol'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>");
    });

    [Theory, EachSubject]
    public Task Subject_of_the_room(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, "<message id='s1' type='groupchat' to='room@conference.example.test'><subject>Tea</subject></message>");
        await s.SayAsync(bob, "<message id='s2' type='groupchat' to='room@conference.example.test'><subject>Coffee</subject></message>");
        await s.SayAsync(alice, "<message id='s3' type='groupchat' to='room@conference.example.test'><subject>Not a subject</subject><body>with a body</body></message>");
        await s.SayAsync(carol, Join("carol"));
        await s.SayAsync(alice, "<message id='s4' type='groupchat' to='room@conference.example.test'><subject/></message>");
    });

    [Theory, EachSubject]
    public Task Nicks(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, Join("alice"));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, "<presence id='n1' to='room@conference.example.test/robert'/>");
        await s.SayAsync(bob, "<presence id='n2' to='room@conference.example.test/alice'/>");
        await s.SayAsync(alice, "<presence id='n3' to='room@conference.example.test/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    });

    [Theory, EachSubject]
    public Task Join_without_a_nick(Subject subject) => PlayAsync(subject, async s =>
    {
        var (_, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, "<presence id='j1' to='room@conference.example.test'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        await s.SayAsync(bob, "<presence id='j2' to='room@conference.example.test/bob'/>");
    });

    [Theory, EachSubject]
    public Task One_account_twice_in_a_room(Subject subject) => PlayAsync(subject, async s =>
    {
        var (_, bob, _) = await MeetAsync(s);
        var other = await s.OnlineAsync("bob/two");
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(other, Join("bob"));
    });

    [Theory, EachSubject]
    public Task Kick(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, Admin("<item nick='alice' role='none'/>"));
        await s.SayAsync(alice, Admin("<item nick='nobody' role='none'/>"));
        await s.SayAsync(alice, Admin("<item nick='bob' role='none'><reason>too loud</reason></item>"));
        await s.SayAsync(bob, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>still here?</body></message>");
        await s.SayAsync(bob, Join("bob"));
    });

    [Theory, EachSubject]
    public Task Ban(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, Admin("<item jid='alice@example.test' affiliation='outcast'/>"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='outcast'><reason>too loud</reason></item>"));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, List("affiliation='outcast'"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='none'/>"));
        await s.SayAsync(alice, List("affiliation='outcast'"));
        await s.SayAsync(bob, Join("bob"));
    });

    [Theory, EachSubject]
    public Task Affiliations_and_their_lists(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='member'/>"));
        await s.SayAsync(alice, Admin("<item jid='carol@example.test' affiliation='admin'/>"));
        await s.SayAsync(alice, List("affiliation='owner'"));
        await s.SayAsync(alice, List("affiliation='admin'"));
        await s.SayAsync(alice, List("affiliation='member'"));
        await s.SayAsync(bob, List("affiliation='owner'"));
        await s.SayAsync(carol, List("affiliation='member'"));
        await s.SayAsync(alice, Admin("<item jid='alice@example.test' affiliation='none'/>"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='nonsense'/>"));
    });

    [Theory, EachSubject]
    public Task Roles(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, Admin("<item nick='bob' role='visitor'/>"));
        await s.SayAsync(bob, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>heard?</body></message>");
        await s.SayAsync(bob, Admin("<item nick='bob' role='moderator'/>"));
        await s.SayAsync(alice, Admin("<item nick='bob' role='moderator'/>"));
        await s.SayAsync(alice, List("role='moderator'"));
        await s.SayAsync(bob, Admin("<item nick='alice' role='visitor'/>"));
    });

    [Theory, EachSubject]
    public Task Password(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(alice, Configure(("muc#roomconfig_passwordprotectedroom", "1"), ("muc#roomconfig_roomsecret", "cauldron")));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, "<presence id='j2' to='room@conference.example.test/bob'><x xmlns='http://jabber.org/protocol/muc'><password>wrong</password></x></presence>");
        await s.SayAsync(bob, "<presence id='j3' to='room@conference.example.test/bob'><x xmlns='http://jabber.org/protocol/muc'><password>cauldron</password></x></presence>");
    });

    [Theory, EachSubject]
    public Task Members_only(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(carol, Join("carol"));
        await s.SayAsync(alice, Configure(("muc#roomconfig_membersonly", "1")));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='member'/>"));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, Admin("<item jid='bob@example.test' affiliation='none'/>"));
    });

    [Theory, EachSubject]
    public Task Moderated(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(alice, Configure(("muc#roomconfig_moderatedroom", "1")));
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>heard?</body></message>");
        await s.SayAsync(alice, Admin("<item nick='bob' role='participant'/>"));
        await s.SayAsync(bob, "<message id='m2' type='groupchat' to='room@conference.example.test'><body>heard!</body></message>");
    });

    [Theory, EachSubject]
    public Task Addresses_that_all_may_see(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(carol, Join("carol"));
        await s.SayAsync(alice, Configure(("muc#roomconfig_whois", "anyone")));
        await s.SayAsync(bob, Join("bob"));
    });

    [Theory, EachSubject]
    public Task Private_messages(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, carol) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(alice, "<message id='m1' type='chat' to='room@conference.example.test/bob'><body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>");
        await s.SayAsync(alice, "<message id='m2' type='chat' to='room@conference.example.test/nobody'><body>psst</body></message>");
        await s.SayAsync(alice, "<message id='m3' type='groupchat' to='room@conference.example.test/bob'><body>psst</body></message>");
        await s.SayAsync(carol, "<message id='m4' type='chat' to='room@conference.example.test/bob'><body>psst</body></message>");
        await s.SayAsync(alice, "<message id='m5' type='chat' to='room@conference.example.test'><body>psst</body></message>");
        await s.SayAsync(alice, "<iq type='get' id='q1' to='room@conference.example.test/bob'><ping xmlns='urn:xmpp:ping'/></iq>");
        await s.SayAsync(alice, "<iq type='get' id='q2' to='room@conference.example.test/nobody'><ping xmlns='urn:xmpp:ping'/></iq>");
        await s.SayAsync(alice, "<iq type='get' id='q3' to='room@conference.example.test/alice'><ping xmlns='urn:xmpp:ping'/></iq>");
        await s.SayAsync(carol, "<iq type='get' id='q4' to='room@conference.example.test/carol'><ping xmlns='urn:xmpp:ping'/></iq>");
    });

    [Theory, EachSubject]
    public Task Who_is_not_inside_is_not_heard(Subject subject) => PlayAsync(subject, async s =>
    {
        var (_, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>hello</body></message>");
        await s.SayAsync(bob, Admin("<item nick='alice' role='none'/>"));
        await s.SayAsync(bob, List("affiliation='owner'"));
        await s.SayAsync(bob, "<presence id='p1' type='unavailable' to='room@conference.example.test/bob'/>");
    });

    [Theory, EachSubject]
    public Task Invitations(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(alice, "<message id='i1' to='room@conference.example.test'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='bob@example.test'><reason>come in</reason></invite></x></message>");
        await s.SayAsync(bob, "<message id='i2' to='room@conference.example.test'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='alice@example.test'><reason>no time</reason></decline></x></message>");
    });

    [Theory, EachSubject]
    public Task Destroyed(Subject subject) => PlayAsync(subject, async s =>
    {
        var (alice, bob, _) = await MeetAsync(s);
        await s.SayAsync(bob, Join("bob"));
        await s.SayAsync(bob, "<iq type='set' id='d1' to='room@conference.example.test'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
        s.FenceNoLongerThrough(Room);
        await alice.SendAsync("<iq type='set' id='d2' to='room@conference.example.test'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy jid='other@conference.example.test'><reason>moved</reason></destroy></query></iq>");
        await alice.UntilAsync(e => e.Attribute("id")?.Value == "d2");
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Room_that_does_not_exist(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.OnlineAsync("alice/one");
        s.FenceThrough(Room);
        await s.SayAsync(alice, "<message id='m1' type='groupchat' to='room@conference.example.test'><body>anybody?</body></message>");
        await s.SayAsync(alice, "<message id='m2' type='chat' to='room@conference.example.test/bob'><body>anybody?</body></message>");
        await s.SayAsync(alice, List("affiliation='owner'"));
        await s.SayAsync(alice, "<iq type='get' id='q1' to='room@conference.example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
        await s.SayAsync(alice, "<iq type='get' id='q2' to='conference.example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
        await s.SayAsync(alice, "<presence id='p1' type='unavailable' to='room@conference.example.test/alice'/>");
    });

    private const string Unlock =
        "<iq type='set' id='unlock' to='room@conference.example.test'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>";

    private static string Join(string nick) =>
        $"<presence id='join' to='{Room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>";

    private static string Admin(string items) =>
        $"<iq type='set' id='admin' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query></iq>";

    private static string List(string what) =>
        $"<iq type='get' id='list' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#admin'><item {what}/></query></iq>";

    private static string Configure(params (string Name, string Value)[] fields) =>
        $"<iq type='set' id='config' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
        + "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        + string.Concat(fields.Select(field => $"<field var='{field.Name}'><value>{field.Value}</value></field>"))
        + "</x></query></iq>";

    /// <summary>Alice in a room of hers that is open; Bob and Carol are not in it yet.</summary>
    private static async Task<(Peer Alice, Peer Bob, Peer Carol)> MeetAsync(Scenario s)
    {
        var alice = await s.OnlineAsync("alice/one");
        var bob = await s.OnlineAsync("bob/one");
        var carol = await s.OnlineAsync("carol/one");
        await s.QuietlyAsync(async () =>
        {
            await s.CreateRoomAsync(alice);
            await s.SayAsync(alice, Unlock);
        });
        return (alice, bob, carol);
    }
}
