using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

public sealed class ReconnectingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        var backoff = new Backoff(new ReconnectOptions { LongestDelay = TimeSpan.FromSeconds(5) }, () => 1);
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => backoff.Next().TotalSeconds));
        backoff.SessionLasted(TimeSpan.FromSeconds(4));
        Assert.Equal(5, backoff.Next().TotalSeconds);
        backoff.SessionLasted(TimeSpan.FromSeconds(5));
        Assert.Equal(1, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Jitter_takes_away_up_to_half() =>
        Assert.Equal(0.5, new Backoff(new ReconnectOptions(), () => 0).Next().TotalSeconds);

    [Fact]
    public async Task Silent_server_is_given_up_after_the_handshake_timeout()
    {
        var time = new FakeTimeProvider();
        var server = new ScriptedServer("C: version='1.0'");
        await using var client = new XmppClient(server.Options(o => o.TimeProvider = time));
        var connecting = client.ConnectAsync(Token);
        await server.Done;
        time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<XmppTimeoutException>(() => connecting);
    }
}
