using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Testing.Tests.StreamManagement;

public sealed class StreamResumptionTests
{
    private const string Sm = "xmlns='urn:xmpp:sm:3'";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_in_order()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        foreach (var n in new[] { "1", "2" })
        {
            await juliet.DoAsync($"<message id='{n}' to='romeo@localhost/orchard' type='headline'/>");
        }

        await client.DisposeAsync();
        await clock.TimerSetAsync(Timeout);
        clock.Advance(Timeout / 2);
        await juliet.DoAsync("<message id='3' to='romeo@localhost' type='headline'/>");
        await juliet.DoAsync("<iq id='4' to='romeo@localhost/orchard' type='get'><query xmlns='x'/></iq>");
        await juliet.GotAsync();

        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 2);
        Assert.Equal($"<resumed previd='{id}' h='1'/>", await next.NextAsync());
        Assert.StartsWith("<message from='juliet@localhost/balcony' to='romeo@localhost/orchard' id='2'", await next.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(
            "<message from='juliet@localhost/balcony' to='romeo@localhost' id='3' type='headline'>"
            + "<delay xmlns='urn:xmpp:delay' from='romeo@localhost' stamp='2000-01-01T00:05:00.000Z'/></message>",
            await next.NextAsync());
        Assert.Equal(
            "<iq from='juliet@localhost/balcony' to='romeo@localhost/orchard' id='4' type='get'><query xmlns='x'/></iq>",
            await next.NextAsync());
        Assert.Equal("<r/>", await next.NextAsync());
        await next.SendAsync($"<a {Sm} h='5'/><message to='juliet@localhost' type='chat'><body>here</body></message><r {Sm}/>");
        Assert.Equal("<a h='2'/>", await next.NextAsync());
        Assert.Equal(("here", "romeo@localhost/orchard"), await FirstAsync(juliet));

        // The old wait is over with the resumption.
        clock.Advance(Timeout);
        await juliet.DoAsync("<message id='6' to='romeo@localhost' type='headline'/>");
        Assert.Contains("id='6'", await next.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_is_resumed_more_than_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        for (var i = 0; i < 3; i++)
        {
            await client.DisposeAsync();
            client = await ManagedClient.ConnectAsync(server, account);
            await client.ResumeAsync(id, 1);
            Assert.Equal($"<resumed previd='{id}' h='1'/>", await client.NextAsync());
            Assert.Equal("<r/>", await client.NextAsync());
        }

        await client.DisposeAsync();
    }

    [Fact]
    public async Task Open_stream_is_replaced_and_told_so()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await using var closed = client;
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 1);
        Assert.StartsWith("<resumed ", await next.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("conflict", await client.ErrorAsync());
        await next.SendAsync($"<r {Sm}/>");
        Assert.Equal("<r/>", await next.NextAsync());
        Assert.Equal("<a h='1'/>", await next.NextAsync());
    }

    [Fact]
    public async Task Nobody_resumes_the_session_of_another_account()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await using var closed = client;
        await using var stranger = await ManagedClient.ConnectAsync(server, server.AddAccount("paris"));
        await stranger.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await stranger.NextAsync());
        await client.SendAsync($"<r {Sm}/>");
        Assert.Equal("<a h='1'/>", await client.NextAsync());
    }

    [Fact]
    public async Task Wrong_count_ends_both_stream_and_session()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await client.DisposeAsync();
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 99);
        Assert.Equal("undefined-condition", await next.ErrorAsync());
        await using var last = await ManagedClient.ConnectAsync(server, account);
        await last.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await last.NextAsync());
    }

    [Fact]
    public async Task Session_that_nobody_resumes_goes_and_its_messages_wait()
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { TimeProvider = clock }, Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await client.SendAsync("<presence to='juliet@localhost'/>");
        Assert.Equal(PresenceType.Available, (await juliet.ReceivePresenceAsync(Token)).Type);
        await client.DisposeAsync();
        await clock.TimerSetAsync(Timeout);
        await juliet.DoAsync("<message id='1' to='romeo@localhost/orchard' type='chat'><body>wait</body></message>");
        clock.Advance(Timeout - TimeSpan.FromSeconds(1));
        Assert.Empty(await juliet.GotAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);

        await using (var late = await ManagedClient.ConnectAsync(server, account))
        {
            await late.ResumeAsync(id, 1);
            Assert.Equal("<failed h='2'><item-not-found/></failed>", await late.NextAsync());
            await late.ResumeAsync(id, 1);
            Assert.Equal("<failed><item-not-found/></failed>", await late.NextAsync());
        }

        await using var romeo = await server.LoginAsync("romeo/tomb", Token);
        var kept = await romeo.ReceiveXmlAsync(Token);
        Assert.Contains("<delay xmlns='urn:xmpp:delay' from='romeo@localhost'", kept.ToString(), StringComparison.Ordinal);
        Assert.Empty(await juliet.GotAsync());
    }

    [Theory]
    [InlineData("<message id='1' type='chat'><body>hi</body></message>", false, "")]
    [InlineData("<message id='1' type='chat'><body>hi</body></message>", true, "recipient-unavailable")]
    [InlineData("<message id='1'><body>hi</body></message>", true, "recipient-unavailable")]
    [InlineData("<message id='1' type='groupchat'><body>hi</body></message>", false, "recipient-unavailable")]
    [InlineData("<message id='1' type='headline'><body>hi</body></message>", true, "")]
    [InlineData("<message id='1' type='error'><body>hi</body></message>", true, "")]
    [InlineData("<presence/>", true, "")]
    [InlineData("<iq id='1' type='get'><query xmlns='x'/></iq>", false, "recipient-unavailable")]
    [InlineData("<iq id='1' type='result'/>", false, "")]
    public async Task Senders_learn_what_nobody_got(string sent, bool otherSession, string condition)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var account = server.AddAccount("romeo");
        await using var client = await ManagedClient.BindAsync(server, account);
        await client.SendAsync($"<enable {Sm}/>");
        Assert.Equal("<enabled/>", await client.NextAsync());
        await client.BecomeAvailableAsync();
        await using var other = otherSession ? await server.LoginAsync("romeo/tomb", Token) : null;
        var space = sent.IndexOfAny([' ', '/']);
        await juliet.DoAsync(sent.Insert(space, " to='romeo@localhost/orchard'"));
        await juliet.GotAsync();
        await client.SendAsync("<presence to='juliet@localhost'/><presence to='juliet@localhost/balcony' type='unavailable'/>");
        await juliet.ReceivePresenceAsync(Token);
        await juliet.ReceivePresenceAsync(Token);
        await client.SendAsync("<presence to='juliet@localhost'/></stream:stream>");
        Assert.Equal(PresenceType.Available, (await juliet.ReceivePresenceAsync(Token)).Type);
        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);
        var got = string.Concat(await juliet.GotAsync());
        Assert.Equal(condition.Length > 0, got.Contains($"<error type='cancel'><{condition}", StringComparison.Ordinal));
        Assert.Equal(condition.Length > 0, got.Contains("from='romeo@localhost/orchard'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Same_resource_bound_anew_takes_over_what_was_not_acknowledged()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await juliet.DoAsync("<message id='1' to='romeo@localhost/orchard' type='chat'><body>wait</body></message>");
        await client.DisposeAsync();
        await using var romeo = await server.LoginAsync("romeo/orchard", Token);
        Assert.Equal("wait", (await romeo.ReceiveAsync(Token)).Body);
        await using var late = await ManagedClient.ConnectAsync(server, account);
        await late.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await late.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_whose_client_acknowledges_nothing_ends(bool connected)
    {
        var clock = new ManualClock();
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions
            {
                TimeProvider = clock, Limits = new XmppTestServerLimits { UnacknowledgedStanzas = 3 },
            },
            Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var (client, _) = await ManagedClient.ResumableAsync(server, server.AddAccount("romeo"));
        await client.SendAsync("<presence to='juliet@localhost'/>");
        await juliet.ReceivePresenceAsync(Token);
        if (!connected)
        {
            await client.DisposeAsync();
            await clock.TimerSetAsync(Timeout);
        }

        for (var i = 0; i < 5; i++)
        {
            await juliet.SendXmlAsync("<message to='romeo@localhost/orchard' type='headline'/>", Token);
        }

        Assert.Equal(PresenceType.Unavailable, (await juliet.ReceivePresenceAsync(Token)).Type);
        if (connected)
        {
            Assert.Equal("policy-violation", await client.ErrorAsync());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Refused_session_can_be_resumed_later()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await client.DisposeAsync();
        await using var next = await ManagedClient.ConnectAsync(server, account);
        using (server.Faults.RefuseResume(account))
        {
            await next.ResumeAsync(id, 1);
            Assert.Equal("<failed><item-not-found/></failed>", await next.NextAsync());
        }

        await next.ResumeAsync(id, 1);
        Assert.StartsWith("<resumed ", await next.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_session_takes_its_messages_along()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        var account = server.AddAccount("romeo");
        var (client, id) = await ManagedClient.ResumableAsync(server, account);
        await juliet.DoAsync("<message id='1' to='romeo@localhost/orchard' type='chat'><body>lost</body></message>");
        await juliet.GotAsync();
        lock (server.Engine.Gate)
        {
            server.Engine.Modules.Get<StreamManagementModule>().Lose(server.Engine.Sessions.Find(account.Jid.WithResource("orchard"))!);
        }

        await client.DisposeAsync();
        await using var next = await ManagedClient.ConnectAsync(server, account);
        await next.ResumeAsync(id, 1);
        Assert.Equal("<failed><item-not-found/></failed>", await next.NextAsync());
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.DoesNotContain(await romeo.GotAsync(), x => x.Contains("lost", StringComparison.Ordinal));
        Assert.DoesNotContain(await juliet.GotAsync(), x => x.Contains("error", StringComparison.Ordinal));
    }

    private static async Task<(string?, string?)> FirstAsync(TestUser user)
    {
        var message = await user.ReceiveAsync(Token);
        return (message.Body, message.From?.ToString());
    }
}
