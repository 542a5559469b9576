using System.Text;
using System.Text.RegularExpressions;

namespace XmppChatClient.Testing.Tests;

public sealed partial class TestUserTests
{
    private readonly WaitClock _waiting = new();

    private XmppTestServerOptions Options => new() { WaitClock = _waiting };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_that_fails_tells_what_came_and_what_went_over_the_wire()
    {
        await using var server = await XmppTestServer.StartAsync(Options, Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.DoAsync("<presence to='juliet@localhost'><status>here</status></presence>");
        await juliet.SettleAsync();
        _waiting.IsOver = true;
        var failure = await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceiveAsync(Token));
        Assert.StartsWith("juliet@localhost/balcony got no message within 10 s.\nUnread: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("<status>here</status>", failure.Message, StringComparison.Ordinal);
        Assert.Contains("C: <presence to='juliet@localhost'>", failure.Message, StringComparison.Ordinal);
        Assert.Contains("S: <presence from='romeo@localhost/", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_is_waited_for_until_it_is_available()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet");
        var waiting = server.WaitUntilAvailableAsync(account, Token);
        Assert.False(waiting.IsCompleted);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await waiting;
        await server.WaitUntilAvailableAsync(account, Token);
    }

    [Fact]
    public async Task Client_that_does_not_come_fails_the_wait_with_the_transcript()
    {
        await using var server = await XmppTestServer.StartAsync(Options, Token);
        await using var other = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet");
        await using var romeo = await server.LoginAsync("romeo", Token);
        _waiting.IsOver = true;
        var failure = await Assert.ThrowsAsync<TestServerException>(() => server.WaitUntilAvailableAsync(account, Token));
        Assert.StartsWith("juliet@localhost was not available within 10 s.\nThe transcript:\n", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => other.WaitUntilAvailableAsync(account, Token));
    }

    // What SCRAM and PLAIN said is base64, and so is looked for decoded.
    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public async Task What_a_failure_prints_holds_no_secret(string mechanism)
    {
        const string Password = "p4ss-w0rd-of-bot";
        await using var server = await XmppTestServer.StartAsync(
            Options with { Mechanisms = [mechanism], AllowRegistration = true }, Token);
        var options = new XmppClientOptions { AllowPlain = true };
        await using var client = new XmppClient(options.UseTestServer(server, server.AddAccount("bot", Password)));
        await client.ConnectAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendXmlAsync(
            $"<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>juliet</username><password>{Password}</password></query></iq>"
            + $"<message to='juliet@localhost'><x xmlns='jabber:x:conference' jid='room@localhost' password='{Password}'/></message>", Token);
        await juliet.SettleAsync();
        _waiting.IsOver = true;
        var failure = await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceivePresenceAsync(Token));
        Assert.Contains($"mechanism='{mechanism}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[redacted]", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.Message, StringComparison.Ordinal);
        foreach (var text in Base64().Matches(failure.Message).Select(m => m.Value))
        {
            var said = Encoding.UTF8.GetString(Convert.FromBase64String(text));
            Assert.DoesNotMatch("(^|,)[pvrs]=", said);
            Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("S: <message><body>half")]
    [InlineData("")]
    public async Task Peer_that_falls_silent_in_the_middle_fails_the_wait(string last)
    {
        await using var server = await XmppTestServer.StartAsync(Options, Token);
        var account = server.AddAccount("juliet");
        await using var juliet = await server.LoginAsync("juliet", Token);
        using var silence = server.Faults.Delay(Timeout.InfiniteTimeSpan, account);
        await juliet.SendAsync(juliet.Jid, last, Token);
        _waiting.IsOver = true;
        await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceiveAsync(Token));
        await Assert.ThrowsAsync<TestServerException>(() => juliet.SettleAsync());
    }

    [Fact]
    public async Task Login_that_gets_no_answer_fails()
    {
        await using var server = await XmppTestServer.StartAsync(Options, Token);
        server.Faults.Delay(Timeout.InfiniteTimeSpan, server.AddAccount("juliet"));
        _waiting.IsOver = true;
        var failure = await Assert.ThrowsAsync<TestServerException>(() => server.LoginAsync("juliet", Token));
        Assert.Contains("stream features", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrupted_stream_fails_the_wait_at_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet");
        await using var juliet = await server.LoginAsync("juliet", Token);
        server.Faults.CorruptByte(10, account);
        await juliet.SendAsync(juliet.Jid, "never read", Token);
        var failure = await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceiveAsync(Token));
        Assert.Contains("The connection is over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_of_messages_is_kept_in_order()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        var flood = string.Concat(Enumerable.Range(0, 4_000).Select(i => $"<message to='{juliet.Jid}'><body>{i}</body></message>"));
        await romeo.SendXmlAsync(flood, Token);
        for (var i = 0; i < 4_000; i++)
        {
            Assert.Equal($"{i}", (await juliet.ReceiveAsync(Token)).Body);
        }
    }

    [Fact]
    public async Task Wait_ends_when_the_server_does()
    {
        var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var receiving = juliet.ReceiveAsync(Token);
        await server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<TestServerException>(() => receiving);
        Assert.Contains("system-shutdown", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_is_cancelled()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        using var cancel = new CancellationTokenSource();
        var receiving = juliet.ReceiveAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await juliet.SendAsync(juliet.Jid, "not lost", Token);
        Assert.Equal("not lost", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Fact]
    public async Task Each_kind_is_taken_in_its_own_order()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.SendAsync(juliet.Jid, "one", Token);
        await romeo.SendAsync(new Presence { To = juliet.Jid, Status = "two" }, Token);
        await romeo.SendAsync(juliet.Jid, "three", Token);
        Assert.Equal("two", (await juliet.ReceivePresenceAsync(Token)).Status);
        Assert.Equal("one", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal("three", (await juliet.ReceiveXmlAsync(Token)).Elements.ToArray()[0].Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    public async Task Name_that_is_none_is_refused(string name)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        Assert.ThrowsAny<ArgumentException>(() => server.AddAccount(name));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => server.LoginAsync(name, Token));
    }

    [Fact]
    public async Task Account_is_made_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("juliet", "secret");
        Assert.Equal(("juliet@localhost", "secret"), (account.ToString(), account.Password));
        Assert.Throws<InvalidOperationException>(() => server.AddAccount("juliet"));
        await using var juliet = await server.LoginAsync("juliet", Token);
        Assert.Equal(account.Jid, juliet.Jid.Bare);
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_refused_at_the_start()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => XmppTestServer.StartAsync(new XmppTestServerOptions { Mechanisms = ["ROT13"] }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => XmppTestServer.StartAsync(new XmppTestServerOptions { Domain = "a@b" }, Token));
        await using var first = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) }, Token);
        await Assert.ThrowsAsync<TestServerException>(() => XmppTestServer.StartAsync(new XmppTestServerOptions { Listen = first.EndPoint }, Token));
    }

    [GeneratedRegex("(?<=>)(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?=<)")]
    private static partial Regex Base64();
}
