using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>XEP-0388 with XEP-0386, XEP-0198 §9 and XEP-0484.</summary>
public sealed class Sasl2Tests(Targets targets) : ScenarioTests(targets)
{
    private const string Sasl2 = "urn:xmpp:sasl:2";
    private const string Bind = "<bind xmlns='urn:xmpp:bind:0'><tag>one</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";

    [Theory, EachSubject]
    public Task Login_and_nothing_else(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, "");
        await alice.NextAsync();
        await s.QuietlyAsync(() => alice.NextAsync());
        await alice.BindAsync();
    });

    [Theory, EachSubject]
    public Task Login_with_a_resource(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, Bind);
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Login_with_a_resource_of_the_servers_choice(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, "<bind xmlns='urn:xmpp:bind:0'/>");
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Login_with_a_session_that_nobody_knows(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, "<resume xmlns='urn:xmpp:sm:3' previd='no-such-session' h='0'/>" + Bind);
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Login_with_a_session_that_goes_on(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        string? id = null;
        await s.QuietlyAsync(async () =>
        {
            await AuthenticateAsync(s, alice, Bind);
            id = (await alice.NextAsync())?.Descendants().Single(e => e.Name.LocalName == "enabled").Attribute("id")?.Value;
            await alice.NextAsync();
            await alice.SendAsync("<presence/>");
            await alice.UntilAsync(e => e.Name == Ns.Client + "presence");
            alice.RecordHeard();
        });
        await alice.HangUpAsync();
        var again = await SecureAsync(s);
        await AuthenticateAsync(
            s, again, $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='1'/>" + Bind,
            "<resume xmlns='urn:xmpp:sm:3' previd='{session1}' h='1'/>" + Bind);
        await again.NextAsync();
    });

    [Theory, EachSubject]
    public Task Token_is_asked_for(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>");
        await alice.NextAsync();
    });

    [Theory, EachSubject]
    public Task Token_that_nobody_gave(Subject subject) => PlayAsync(subject, async s =>
    {
        var alice = await SecureAsync(s);
        await AuthenticateAsync(s, alice, "<fast xmlns='urn:xmpp:fast:0' count='1'/>", mechanism: "HT-SHA-256-NONE");
        await alice.NextAsync();
        await AuthenticateAsync(s, alice, "");
        await alice.NextAsync();
    });

    // XEP-0484 §3.6: what was used so is of no use to whoever sends it once more, and the next one is given if it is asked for.
    [Theory, EachSubject]
    public Task Token_that_is_used_once(Subject subject) => PlayAsync(subject, async s =>
    {
        const string Once = "<fast xmlns='urn:xmpp:fast:0' count='1' invalidate='true'/>";
        const string Ask = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
        var first = await SecureAsync(s);
        string? token = null;
        await s.QuietlyAsync(async () =>
        {
            await AuthenticateAsync(s, first, Ask);
            token = TokenIn(await first.NextAsync());
            await first.NextAsync();
        });
        var second = await SecureAsync(s);
        await AuthenticateAsync(s, second, Once + Ask, mechanism: "HT-SHA-256-NONE", token: token);
        var next = TokenIn(await second.NextAsync());
        var again = await SecureAsync(s);
        await AuthenticateAsync(s, again, Once + Ask, mechanism: "HT-SHA-256-NONE", token: token);
        await again.NextAsync();
        var third = await SecureAsync(s);
        await AuthenticateAsync(s, third, Once, mechanism: "HT-SHA-256-NONE", token: next);
        await third.NextAsync();
        var last = await SecureAsync(s);
        await AuthenticateAsync(s, last, Once, mechanism: "HT-SHA-256-NONE", token: next);
        await last.NextAsync();
    });

    [Theory]
    [EachSubjectWith("Unknown_mechanism", $"<authenticate xmlns='{Sasl2}' mechanism='KERBEROS_V9'/>")]
    [EachSubjectWith("No_base64", $"<authenticate xmlns='{Sasl2}' mechanism='PLAIN'><initial-response>%%%</initial-response></authenticate>")]
    [EachSubjectWith("Wrong_password", $"<authenticate xmlns='{Sasl2}' mechanism='PLAIN'><initial-response>AG5vYm9keS1hdC1hbGwAc2VjcmV0</initial-response></authenticate>")]
    public Task Refused_authentication(Subject subject, string name, string xml) => PlayAsync(
        subject,
        async s =>
        {
            var alice = await SecureAsync(s);
            await alice.SendAsync(xml);
            await alice.NextAsync();
        },
        name);

    private static string? TokenIn(XElement? success) =>
        success?.Descendants().Single(e => e.Name.LocalName == "token").Attribute("token")?.Value;

    private static async Task<Peer> SecureAsync(Scenario s)
    {
        var peer = await s.ConnectAsync("alice/one");
        await s.QuietlyAsync(async () =>
        {
            await peer.OpenAsync();
            await peer.StartTlsAsync();
            await peer.OpenAsync("from='alice@example.test' to='example.test' version='1.0'");
        });
        return peer;
    }

    private static Task AuthenticateAsync(Scenario s, Peer peer, string more, string? recorded = null, string mechanism = "PLAIN", string? token = null)
    {
        var account = s.Names.Account(peer.Account);
        byte[] message = mechanism == "PLAIN"
            ? Encoding.UTF8.GetBytes($"\0{account}\0{Scenario.Password}")
            : [.. Encoding.UTF8.GetBytes(account), 0, .. HMACSHA256.HashData(Encoding.UTF8.GetBytes(token ?? "?"), "Initiator"u8)];
        var response = Convert.ToBase64String(message);
        const string Who = "<user-agent id='5d7b9d93-5dba-4fc3-8bf2-2576f2240e94'/>";
        return peer.SendAsync(
            $"<authenticate xmlns='{Sasl2}' mechanism='{mechanism}'><initial-response>{response}</initial-response>{Who}{more}</authenticate>",
            $"<authenticate xmlns='{Sasl2}' mechanism='{mechanism}'>{recorded ?? more}</authenticate>");
    }
}
