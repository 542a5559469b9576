using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Session;
using XmppChatClient.Transports.Dns;

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

    [Fact]
    public async Task Lower_priorities_come_first_and_weights_are_drawn()
    {
        var resolver = new ServiceResolver(
            new Records(
                new(new("c", 1), 20, 0), new(new("a", 1), 10, 0), new(new("b", 1), 10, 60), new(new("heavy", 1), 10, 40)),
            max => max - 1);
        Assert.Equal(
            ["b", "heavy", "a", "c"],
            (await resolver.ResolveAsync("example.org", "xmpp-client", 5222, Token)).Select(t => t.Host));
    }

    [Fact]
    public async Task Dot_means_no_service_and_nothing_means_the_domain()
    {
        var none = new ServiceResolver(new Records(new ServiceRecord(new(".", 0), 0, 0)), _ => 0);
        await Assert.ThrowsAsync<XmppConnectionException>(() => none.ResolveAsync("example.org", "xmpp-client", 5222, Token));
        var silent = new ServiceResolver(new Records(), _ => 0);
        Assert.Equal(
            [new ServiceTarget("example.org", 5222)], await silent.ResolveAsync("example.org", "xmpp-client", 5222, Token));
    }

    [Fact]
    public async Task Without_an_answer_from_DNS_the_domain_itself_is_tried() => Assert.Equal(
        [new ServiceTarget("xn--bcher-kva.example", 5222)],
        await new ServiceResolver(new Silence(), _ => 0).ResolveAsync("bücher.example", "xmpp-client", 5222, Token));

    private sealed class Silence : IServiceLookup
    {
        public Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken)
        {
            Assert.Equal("_xmpp-client._tcp.xn--bcher-kva.example", name);
            throw new XmppConnectionException("DNS did not answer");
        }
    }

    private sealed class Records(params ServiceRecord[] records) : IServiceLookup
    {
        public Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken)
        {
            Assert.Equal("_xmpp-client._tcp.example.org", name);
            return Task.FromResult<IReadOnlyList<ServiceRecord>>(records);
        }
    }
}
