namespace XmppChatClient.Testing.Tests;

public sealed class DiscoveryTests
{
    private const string Info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    private const string Items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
    private const string Version = "<query xmlns='jabber:iq:version'/>";
    private const string Ping = "<ping xmlns='urn:xmpp:ping'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost", "get", Info, "<identity category='server' type='im' name='XmppTestServer'/>")]
    [InlineData("localhost", "get", Info, "<feature var='urn:xmpp:ping'/>")]
    [InlineData("localhost", "get", Info, "<feature var='urn:xmpp:carbons:2'/>")]
    [InlineData("localhost", "get", Info, "<feature var='msgoffline'/>")]
    [InlineData("localhost", "get", Items, "<query xmlns='http://jabber.org/protocol/disco#items'")]
    [InlineData("localhost", "get", Version, "<name>XmppTestServer</name>")]
    [InlineData("localhost", "get", Ping, "")]
    [InlineData("localhost", "set", Info, "bad-request")]
    [InlineData("localhost", "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>", "item-not-found")]
    [InlineData("localhost", "get", "<query xmlns='jabber:iq:roster'/>", "service-unavailable")]
    [InlineData("romeo@localhost", "get", Info, "<identity category='account' type='registered'/>")]
    [InlineData("romeo@localhost", "get", Items, "<item jid='romeo@localhost/orchard'/>")]
    [InlineData("romeo@localhost", "get", Ping, "")]
    [InlineData("juliet@localhost", "get", Info, "service-unavailable")]
    [InlineData("juliet@localhost", "get", Items, "service-unavailable")]
    [InlineData("nobody@localhost", "get", Ping, "")]
    [InlineData("nobody@localhost", "set", Ping, "service-unavailable")]
    [InlineData("localhost", "set", Ping, "service-unavailable")]
    [InlineData("romeo@localhost/nowhere", "get", Ping, "service-unavailable")]
    public async Task Server_and_accounts_say_what_they_can_do(string to, string type, string payload, string answer)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var got = await romeo.AskAsync(type, payload, Jid.Parse(to));
        Assert.True(answer.Length == 0 ? got.Length == 0 : got.Contains(answer, StringComparison.Ordinal), got);
    }

    [Fact]
    public async Task Request_to_a_session_is_answered_by_that_session()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var asking = romeo.AskAsync("get", "<query xmlns='urn:what'/>", juliet.Jid);
        var request = await juliet.ReceiveXmlAsync(Token);
        Assert.Equal(romeo.Jid.ToString(), request.Attribute("from"));
        await juliet.SendXmlAsync($"<iq type='result' id='{request.Attribute("id")}' to='{romeo.Jid}'><it xmlns='urn:what'/></iq>", Token);
        Assert.Equal("<it xmlns='urn:what'/>", await asking);
    }
}
