namespace XmppChatClient.Testing.Tests;

public sealed class TestUserTests
{
    private static readonly XmppTestServerOptions Impatient = new() { WaitTimeout = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_that_fails_tells_what_came_and_what_went_over_the_wire()
    {
        await using var server = await XmppTestServer.StartAsync(Impatient, Token);
        await using var juliet = await server.LoginAsync("juliet/balcony", Token);
        await using var romeo = await server.LoginAsync("romeo", Token);
        await romeo.SendXmlAsync("<presence to='juliet@localhost'><status>here</status></presence>", Token);
        var failure = await Assert.ThrowsAsync<TestServerException>(() => juliet.ReceiveAsync(Token));
        Assert.StartsWith("juliet@localhost/balcony got no message within 0.1 s.\nUnread: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("<status>here</status>", failure.Message, StringComparison.Ordinal);
        Assert.Contains("C: <presence to='juliet@localhost'>", failure.Message, StringComparison.Ordinal);
        Assert.Contains("S: <presence from='romeo@localhost/", failure.Message, StringComparison.Ordinal);
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
}
