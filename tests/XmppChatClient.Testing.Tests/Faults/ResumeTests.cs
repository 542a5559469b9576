using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Faults;

public sealed class ResumeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lost_session_is_not_found_by_who_would_resume_it(bool isConnected)
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await using var _ = client;
        if (!isConnected)
        {
            await client.DisposeAsync();
            await clock.TimerSetAsync(TimeSpan.FromMinutes(10));
        }

        server.Faults.LoseSessions(account);
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await next.NextAsync());
    }

    // Else the client would be sent it once more, or take another stanza for it.
    [Fact]
    public async Task Answer_that_never_comes_was_never_sent()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        server.Faults.AnswerIq(new XmlName("jabber:iq:version", "query"), IqFault.Never, account);
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await client.SendAsync("<iq type='get' id='v' to='localhost'><query xmlns='jabber:iq:version'/></iq><r xmlns='urn:xmpp:sm:3'/>");
        Assert.StartsWith("<a h='", await client.NextAsync(), StringComparison.Ordinal);
        await client.DisposeAsync();
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 1);
        Assert.StartsWith("<resumed ", await next.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("<r/>", await next.NextAsync());
        await next.SendAsync("<r xmlns='urn:xmpp:sm:3'/>");
        Assert.StartsWith("<a h='", await next.NextAsync(), StringComparison.Ordinal);
    }
}
