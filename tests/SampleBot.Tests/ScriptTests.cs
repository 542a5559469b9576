using XmppChatClient;
using XmppChatClient.Streams;
using XmppChatClient.Testing;

namespace SampleBot;

public sealed class ScriptTests
{
    private static CancellationToken Token => HelpBotApp.Token;

    [Fact]
    public async Task Client_hears_exactly_these_bytes()
    {
        var script = new ScriptedServer(
            """
            C: version='1.0'
            S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>
            S: <stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>
            """,
            ScriptSplit.Bytes);
        var options = new XmppClientOptions { Jid = Jid.Parse("juliet@example.org"), Password = "secret" };
        await using var client = new XmppClient(options.UseScriptedServer(script));
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token));
        Assert.Equal(StreamErrorCondition.Reset, error.Error.Condition);
        await script.Done;
    }
}
