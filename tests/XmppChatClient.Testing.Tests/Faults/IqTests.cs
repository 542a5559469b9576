using XmppChatClient.Ping;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Faults;

public sealed class IqTests
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<IqFault, string[]> Answers => new()
    {
        { IqFault.Never, [] },
        { IqFault.Twice, ["localhost", "localhost"] },
        { IqFault.FromWrongSender, ["stranger@localhost/x"] },
    };

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task Answer_comes_as_it_should_not(IqFault how, string[] senders)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet");
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.AnswerIq(new XmlName("jabber:iq:version", "query"), how, account);
        await juliet.DoAsync("<iq type='get' id='1' to='localhost'><query xmlns='jabber:iq:version'/></iq>");
        Assert.Equal(senders, juliet.Unread.Select(e => e.Attribute("from")));
        Assert.All(juliet.Unread, e => Assert.Equal(("1", "result"), (e.Attribute("id"), e.Attribute("type"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_without_a_true_answer_times_out(bool fromWrongSender)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        using (server.Faults.AnswerIq(PingRequest.Name, fromWrongSender ? IqFault.FromWrongSender : IqFault.Never))
        {
            var asking = AskAsync(live, server);
            await live.Clock.TimerSetAsync(RequestTimeout);
            live.Clock.Advance(RequestTimeout);
            await Assert.ThrowsAsync<XmppTimeoutException>(() => asking);
        }

        await AskAsync(live, server);
    }

    [Fact]
    public async Task Late_answer_is_waited_for()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.AnswerIq(PingRequest.Name, IqFault.Late(Late));
        var asking = AskAsync(live, server);
        await clock.TimerSetAsync(Late);
        Assert.False(asking.IsCompleted);
        clock.Advance(Late);
        await asking;
    }

    [Fact]
    public async Task Second_answer_is_nobodys()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.AnswerIq(PingRequest.Name, IqFault.Twice);
        await AskAsync(live, server);
        await AskAsync(live, server);
        Assert.Equal(SessionState.Online, live.Client.State);
    }

    [Fact]
    public async Task Answer_of_another_client_is_spoilt_too()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.AnswerIq(new XmlName("urn:x", "q"), IqFault.FromWrongSender);
        var asking = live.Client.RequestAsync(
            new Iq(IqType.Get, XmppElement.Parse("<q xmlns='urn:x'/>")) { To = juliet.Jid, Id = "asked" }, cancellationToken: Token);
        await juliet.ReceiveXmlAsync(Token);
        await juliet.DoAsync($"<iq type='result' id='asked' to='{live.Client.Jid}'/>");
        live.Clock.Advance(RequestTimeout);
        await Assert.ThrowsAsync<XmppTimeoutException>(() => asking);
    }

    [Fact]
    public async Task Login_whose_resource_is_never_bound_is_given_up()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = LiveClient.Create(server, o => o.StreamManagement.Enabled = false);
        server.Faults.AnswerIq(new XmlName("urn:ietf:params:xml:ns:xmpp-bind", "bind"), IqFault.Never);
        await using var witness = await server.LoginAsync("juliet", Token);
        server.Transcript.Clear();
        var failing = live.FailAsync<XmppTimeoutException>();
        while (!server.Transcript.Lines.Any(l => l.Contains("C: <iq ", StringComparison.Ordinal) && l.Contains("<bind ", StringComparison.Ordinal)))
        {
            await witness.SettleAsync();
        }

        live.Clock.Advance(TimeSpan.FromSeconds(30));
        await failing;
    }

    [Fact]
    public void What_is_wrong_is_said_in_words() => Assert.Equal(
        ["never", "twice", "from the wrong sender", "late by 1.5 s"],
        new[] { IqFault.Never, IqFault.Twice, IqFault.FromWrongSender, IqFault.Late(TimeSpan.FromSeconds(1.5)) }.Select(f => f.ToString()));

    private static Task<Iq> AskAsync(LiveClient live, XmppTestServer server) => live.Client
        .RequestAsync(new Iq(IqType.Get, new PingRequest()) { To = server.Domain }, cancellationToken: Token)
        .WaitAsync(Hang.Limit, Token);
}
