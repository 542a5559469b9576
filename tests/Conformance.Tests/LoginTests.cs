namespace XmppChatClient.Conformance.Tests;

/// <summary>RFC 6120 §5 to §7: features, SASL, resource binding.</summary>
public sealed class LoginTests(Targets targets) : ScenarioTests(targets)
{
    private const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

    [Theory, EachSubject]
    public Task Everything_up_to_a_resource(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.ConnectAsync("alice/one");
        await alice.LoginAsync();
        await alice.BindAsync();
        await alice.CloseAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Session_of_former_days_is_granted(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, "<iq type='set' id='s1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
    });

    [Theory, EachSubject]
    public Task Wrong_password_then_the_right_one(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await alice.AuthenticateAsync("wrong");
        await alice.AuthenticateAsync();
    });

    [Theory, EachSubject]
    public Task Account_that_does_not_exist(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await alice.SendAsync($"<auth xmlns='{Sasl}' mechanism='PLAIN'>AG5vYm9keS1hdC1hbGwAc2VjcmV0</auth>");
        await alice.NextAsync();
    });

    [Theory]
    [EachSubjectWith("Unknown_mechanism", $"<auth xmlns='{Sasl}' mechanism='KERBEROS_V9'>=</auth>")]
    [EachSubjectWith("No_mechanism", $"<auth xmlns='{Sasl}'>=</auth>")]
    [EachSubjectWith("No_base64", $"<auth xmlns='{Sasl}' mechanism='PLAIN'>%%%</auth>")]
    [EachSubjectWith("Plain_without_separators", $"<auth xmlns='{Sasl}' mechanism='PLAIN'>YWxpY2U=</auth>")]
    [EachSubjectWith("Plain_with_nothing_in_it", $"<auth xmlns='{Sasl}' mechanism='PLAIN'>=</auth>")]
    [EachSubjectWith("Scram_that_makes_no_sense", $"<auth xmlns='{Sasl}' mechanism='SCRAM-SHA-1'>YWxpY2U=</auth>")]
    [EachSubjectWith("Response_to_nothing", $"<response xmlns='{Sasl}'>YWxpY2U=</response>")]
    public Task Refused_authentication(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await SecureAsync(s);
            await alice.SendAsync(xml);
            await alice.NextAsync();
        },
        name);

    [Theory, EachSubject]
    public Task Exchange_that_the_client_aborts(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await alice.AuthenticateAsync("SCRAM-SHA-1", "n,,n={0},r=fyko+d2lbbFgONRv9qkxdawL");
        await alice.SendAsync($"<abort xmlns='{Sasl}'/>");
        await alice.NextAsync();
        await alice.AuthenticateAsync();
    });

    [Theory, EachSubject]
    public Task Password_before_TLS(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.ConnectAsync("alice/one");
        await s.QuietlyAsync(() => alice.OpenAsync());
        await alice.AuthenticateAsync();
    });

    [Theory, EachSubject]
    public Task Resource_of_the_servers_choice(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await AuthenticateAsync(s, "alice/one");
        await alice.SendAsync("<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        await alice.NextAsync();
    });

    [Theory]
    [EachSubjectWith("Resource_that_is_empty", "")]
    [EachSubjectWith("Resource_that_is_too_long", "0123456789abcdef*64")]
    [EachSubjectWith("Resource_with_a_character_that_is_not_allowed", "a&#xE000;\u0085b")]
    public Task Odd_resource(Subject subject, string name, string resource) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await AuthenticateAsync(s, "alice/one");
            var wanted = resource.EndsWith("*64", StringComparison.Ordinal) ? string.Concat(Enumerable.Repeat(resource[..^3], 64)) : resource;
            await alice.SendAsync(
                $"<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{wanted}</resource></bind></iq>",
                $"<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind></iq>");
            await alice.NextAsync();
        },
        name);

    [Theory, EachSubject]
    public Task Second_resource_on_one_stream(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await s.LoginAsync("alice/one");
        await s.SayAsync(alice, "<iq type='set' id='b2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>two</resource></bind></iq>");
    });

    [Theory, EachSubject]
    public Task Resource_that_is_in_use_goes_to_the_newcomer(Subject subject) => PlayAsync(subject, async s =>
    {
        var first = await s.OnlineAsync("alice/one");
        var second = await AuthenticateAsync(s, "alice/one");
        await second.BindAsync();
        await first.UntilClosedAsync();
        await s.SettleAsync();
    });

    [Theory, EachSubject]
    public Task Stanza_before_authentication(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await alice.SendAsync("<message to='bob@example.test' id='m1'><body>hello</body></message>");

        // Either ends the stream before this is granted, or goes unheard.
        var verdict = await alice.AuthenticateAsync();
        while (verdict is not null && verdict.Name != Ns.Sasl + "success")
            verdict = await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Stanza_before_a_resource(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await AuthenticateAsync(s, "alice/one");
        await alice.SendAsync("<iq type='get' id='q1' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
        await alice.SendAsync("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>one</resource></bind></iq>");
        await alice.SendAsync("<iq type='get' id='last' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
        while (await alice.NextAsync() is { } answer && answer.Attribute("id")?.Value != "last")
        {
        }
    });

    private static async Task<Peer> SecureAsync(Scenario s)
    {
        var peer = await s.ConnectAsync("alice/one");
        await s.QuietlyAsync(async () =>
        {
            await peer.OpenAsync();
            await peer.StartTlsAsync();
            await peer.OpenAsync();
        });
        return peer;
    }

    private static async Task<Peer> AuthenticateAsync(Scenario s, string address)
    {
        var peer = await s.ConnectAsync(address);
        await s.QuietlyAsync(() => peer.LoginAsync());
        return peer;
    }
}
