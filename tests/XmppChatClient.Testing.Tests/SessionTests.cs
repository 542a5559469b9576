using System.Text;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Tests;

public sealed class SessionTests
{
    private const string Bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";

    // What is delivered as it was sent: the archive would add its id.
    private static XmppTestServerOptions WithoutArchive { get; } = new() { Archive = new ArchiveOptions { Offer = false } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newer_session_takes_the_resource_of_the_older()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var older = await server.LoginAsync("romeo/orchard", Token);
        await using var newer = await server.LoginAsync("romeo/orchard", Token);
        Assert.Equal(older.Jid, newer.Jid);
        Assert.StartsWith(
            "<error xmlns='http://etherx.jabber.org/streams'><conflict ", (await older.ReceiveXmlAsync(Token)).ToString(), StringComparison.Ordinal);
        await newer.SendAsync(older.Jid, "mine", Token);
        Assert.Equal("mine", (await newer.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Resource_is_made_up_when_none_is_asked_for()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var one = await server.LoginAsync("romeo", Token);
        await using var other = await server.LoginAsync("romeo", Token);
        Assert.NotEqual(one.Jid, other.Jid);
    }

    [Theory]
    [InlineData("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>&#x200;\u0007</resource></bind></iq>", "<not-well-formed ")]
    [InlineData("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a\u200Eb</resource></bind></iq>", "<bad-request ")]
    [InlineData("<message to='a@localhost' id='1'><body>hi</body></message>", "<not-authorized ")]
    [InlineData("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", "<not-authorized ")]
    public async Task Nothing_goes_before_a_resource_is_bound(string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        await using var stream = server.Engine.Connect(ConnectionKind.LoggedIn, server.Engine.Accounts.Find(account.Jid));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawClient.Header + sent + "</stream:stream>"), Token);
        using var reader = new StreamReader(stream);
        Assert.Contains(condition, await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set", Bind, "service-unavailable")]
    [InlineData("set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "")]
    [InlineData("get", "<query xmlns='urn:unknown'/>", "service-unavailable")]
    public async Task Bound_session_asks_its_account(string type, string payload, string answer)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal(answer, await romeo.AskAsync(type, payload));
    }

    [Theory]
    [InlineData("<iq type='get' id='1' to='localhost'/>", "bad-request (Incorrect number of children for IQ stanza)")]
    [InlineData("<iq type='get' id='1'><a xmlns='a'/><b xmlns='b'/></iq>", "bad-request (Incorrect number of children for IQ stanza)")]
    [InlineData("<iq type='get' to='localhost'><a xmlns='a'/></iq>", "bad-request (Missing required 'id' attribute)")]
    [InlineData("<iq type='what' id='1'><a xmlns='a'/></iq>", "bad-request (Invalid IQ type)")]
    [InlineData("<iq type='get' id='1' to='a@b@c'><a xmlns='a'/></iq>", "jid-malformed (The destination address is invalid)")]
    [InlineData("<message to='@'><body>hi</body></message>", "jid-malformed (The destination address is invalid)")]
    [InlineData("<presence to='juliet@localhost' type='what'/>", "bad-request (Invalid presence type)")]
    [InlineData("<presence type='subscribe'/>", "bad-request (Invalid presence type)")]
    [InlineData("<message to='localhost'><body>hi</body></message>", "service-unavailable")]
    [InlineData("<message to='a@other.example'><body>hi</body></message>", "remote-server-not-found")]
    [InlineData("<presence to='room@conference.other.example/me'/>", "remote-server-not-found")]
    [InlineData("<iq type='get' id='1' to='other.example'><a xmlns='a'/></iq>", "remote-server-not-found")]
    public async Task Malformed_and_lost_stanzas_come_back_as_errors(string sent, string error)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.SendXmlAsync(sent, Token);
        var answer = await romeo.ReceiveXmlAsync(Token);
        Assert.Equal("error", answer.Attribute("type"));
        Assert.Equal(error, answer.Get<Stanzas.StanzaError>()!.ToString());
    }

    [Theory]
    [InlineData("<message from='juliet@localhost' to='romeo@localhost'><body>I am Juliet</body></message>", "invalid-from")]
    [InlineData("<message from='@' to='romeo@localhost'><body>hi</body></message>", "invalid-from")]
    [InlineData("<what xmlns='urn:ever'/>", "unsupported-stanza-type")]
    [InlineData("<message xmlns='jabber:server'/>", "invalid-namespace")]
    [InlineData("<message></presence>", "not-well-formed")]
    public async Task Violation_ends_the_session_and_others_see_it_go(string sent, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var witness = await server.LoginAsync("romeo", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await witness.ReceivePresenceAsync(Token);
        await romeo.GotAsync();
        await romeo.SendXmlAsync(sent, Token);
        Assert.StartsWith(
            $"<error xmlns='http://etherx.jabber.org/streams'><{condition} ", (await romeo.ReceiveXmlAsync(Token)).ToString(), StringComparison.Ordinal);
        var last = await witness.ReceivePresenceAsync(Token);
        Assert.Equal((romeo.Jid, PresenceType.Unavailable), (last.From, last.Type));
    }

    [Theory]
    [InlineData("<message from='romeo@localhost' to='juliet@localhost' type='chat'><body>hi</body></message>")]
    [InlineData("<message from='romeo@localhost/orchard' to='juliet@localhost' type='chat'><body>hi</body></message>")]
    [InlineData("<message to='juliet@localhost' type='chat'><body>hi</body></message>")]
    public async Task Sender_is_always_the_full_address(string sent)
    {
        await using var server = await XmppTestServer.StartAsync(WithoutArchive, Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await romeo.SendXmlAsync(sent, Token);
        Assert.Equal(
            "<message from='romeo@localhost/orchard' to='juliet@localhost' type='chat'><body>hi</body></message>",
            (await juliet.ReceiveXmlAsync(Token)).ToText());
    }
}
