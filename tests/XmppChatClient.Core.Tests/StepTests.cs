using Microsoft.Extensions.Time.Testing;

namespace XmppChatClient.Core.Tests;

/// <summary>What may happen at each step of a login, at each step.</summary>
public sealed class StepTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static readonly string[] Steps = Logins.Lines(Logins.Whole);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> AllSteps => [.. Enumerable.Range(1, Steps.Length - 1)];

    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task Connection_that_is_cut_is_lost(int steps)
    {
        var (server, client, connecting) = Start(steps, "S: !cut");
        await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.Soon());
        await AssertGoneAsync(server, client, SessionState.Idle);
    }

    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task Server_that_says_no_more_is_given_up(int steps)
    {
        var time = new FakeTimeProvider();
        var (server, client, connecting) = Start(steps, configure: o => o.TimeProvider = time);
        await server.Done.Soon();
        time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => connecting.Soon());
        await AssertGoneAsync(server, client, SessionState.Idle);
    }

    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task Connecting_can_be_cancelled(int steps)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (server, client, connecting) = Start(steps, cancel: cancel.Token);
        await server.Done.Soon();
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.Equal(cancel.Token, error.CancellationToken);
        await AssertGoneAsync(server, client, SessionState.Idle);
    }

    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task Client_can_be_disposed_while_connecting(int steps)
    {
        var (server, client, connecting) = Start(steps);
        await server.Done.Soon();
        await client.DisposeAsync().AsTask().Soon();
        Assert.IsType<XmppException>(await Assert.ThrowsAnyAsync<XmppException>(() => connecting.Soon()));
        await AssertGoneAsync(server, client, SessionState.Closed);
    }

    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task Run_that_is_cancelled_ends_in_good_order(int steps)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var server = Server(steps);
        await using var client = new XmppClient(server.Options(certificates));
        var running = client.RunAsync(cancel.Token);
        await server.Done.Soon();
        await cancel.CancelAsync();
        await running.Soon();
        Assert.Equal([new SessionEnded(SessionEndReason.Closed, null, null)], await client.ReadToEndAsync().Soon());
        await AssertGoneAsync(server, client, SessionState.Closed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Direct_TLS_that_does_not_come_about_is_given_up(bool cut)
    {
        var time = new FakeTimeProvider();
        var server = new ScriptedServer(cut ? "S: !cut" : "C: \u0003");
        await using var client = new XmppClient(server.Options(certificates, o =>
        {
            o.Tls = TlsMode.Direct;
            o.TimeProvider = time;
        }));
        var connecting = client.ConnectAsync(Token);
        await server.Done.Soon();
        if (!cut)
        {
            time.Advance(TimeSpan.FromSeconds(15));
        }

        await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.Soon());
        await server.HungUp.Soon();
    }

    private static async Task AssertGoneAsync(ScriptedServer server, XmppClient client, SessionState state)
    {
        Assert.Equal(state, client.State);
        await server.HungUp.Soon();
        await client.DisposeAsync();
        Assert.DoesNotContain(await client.ReadToEndAsync().Soon(), e => e is not SessionEnded);
    }

    private ScriptedServer Server(int steps, string then = "") =>
        Logins.Server(string.Join('\n', Steps[..steps].Append(then)), certificates);

    private (ScriptedServer Server, XmppClient Client, Task Connecting) Start(
        int steps, string then = "", Action<XmppClientOptions>? configure = null, CancellationToken? cancel = null)
    {
        var server = Server(steps, then);
        var client = new XmppClient(server.Options(certificates, configure));
        return (server, client, client.ConnectAsync(cancel ?? Token));
    }
}
