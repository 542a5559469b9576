using XmppChatClient.Contracts;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Testing.Tests.Components;

/// <summary>The contract of components, on the test server; and what only that can show.</summary>
public sealed class ComponentTests : ComponentContract, IAsyncLifetime
{
    private XmppTestServer _server = null!;
    private TestComponent _component = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await XmppTestServer.StartAsync(Token);
        _component = _server.AddComponent("quiz.localhost");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Component_that_is_cut_off_comes_back()
    {
        await using var bot = await StartAsync();
        await using var juliet = await _server.LoginAsync("juliet", Token);
        _server.Faults.DropConnections();
        await bot.RestartedAsync();
        await juliet.SendAsync(bot.Address("riddle@{0}"), "again", Token);
        Assert.Equal("riddle@quiz.localhost: again", (await juliet.ReceiveAsync(Token)).Body);

        await _server.RestartAsync();
        await bot.RestartedAsync();
        await _server.WaitUntilConnectedAsync(_component, Token);
    }

    [Fact]
    public async Task What_is_sent_while_it_is_away_comes_back()
    {
        await using var juliet = await _server.LoginAsync("juliet", Token);
        await juliet.SendAsync(new Jid("riddle", "quiz.localhost", null), "anybody?", Token);
        var error = await juliet.ReceiveAsync(Token);
        Assert.Equal(Stanzas.StanzaErrorCondition.RemoteServerTimeout, error.Error?.Condition);
        await using (await StartAsync())
        {
        }

        await juliet.SendAsync(new Jid("riddle", "quiz.localhost", null), "still?", Token);
        Assert.Equal(MessageType.Error, (await juliet.ReceiveAsync(Token)).Type);
    }

    [Fact]
    public async Task Second_component_waits_until_the_first_is_gone()
    {
        var first = await StartAsync();
        var options = await ComponentAsync();
        await using var second = new XmppClient(options);
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => second.ConnectAsync(Token));
        Assert.True(error.IsTransient);
        await first.Client.CloseAsync(Token);
        await second.ConnectAsync(Token);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task It_is_served_over_TCP_too_and_its_secret_stays_out_of_the_transcript()
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { ListenComponents = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) }, Token);
        var component = server.AddComponent("quiz.localhost", "hush hush");
        await using var client = new XmppClient(new XmppComponentOptions().UseTestServer(server, component));
        await client.ConnectAsync(Token);
        await server.WaitUntilConnectedAsync(component, Token);
        await client.CloseAsync(Token);
        Assert.Contains("handshake", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", server.Transcript.ToString(), StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9a-f]{40}", server.Transcript.ToString());
    }

    [Fact]
    public async Task Silent_server_is_asked_by_way_of_the_component_itself()
    {
        var clock = new ManualClock();
        await using var bot = await StartAsync(o => o.TimeProvider = clock);
        await clock.TimerSetAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));
        await clock.TimerSetAsync(TimeSpan.FromSeconds(15));

        // It was answered, and is to be asked again.
        await clock.TimerSetAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(_server.Transcript.Lines, line => line.Contains("C: <iq from='quiz.localhost' to='quiz.localhost'", StringComparison.Ordinal)
            && line.Contains("urn:xmpp:ping", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("quiz.localhost")]
    [InlineData("conference.localhost")]
    public void Domain_is_somebodys_once(string domain) => Assert.Throws<InvalidOperationException>(() => _server.AddComponent(domain));

    private protected override string Rooms => _server.Rooms.ToString();

    private protected override Task<XmppComponentOptions> ComponentAsync() =>
        Task.FromResult(new XmppComponentOptions().UseTestServer(_server, _component));

    private protected override async Task<XmppClient> LoginAsync(string prefix)
    {
        var client = new XmppClient(new XmppClientOptions().UseTestServer(_server, _server.AddAccount(prefix)).AddStandardModules());
        await client.ConnectAsync(Token);
        return client;
    }
}
