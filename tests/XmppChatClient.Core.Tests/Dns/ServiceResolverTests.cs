using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Dns;
using static XmppChatClient.Core.Tests.Dns.FakeLookup;

namespace XmppChatClient.Core.Tests.Dns;

public sealed class ServiceResolverTests
{
    private const string Both = "_xmpp-client._tcp.example.org _xmpps-client._tcp.example.org";

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLookup _dns = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_of_both_services_are_one_list_by_priority_and_weight()
    {
        _dns.StartTls = [Record("last", 1, 30), Record("light", 1, 10), Record("heavy", 1, 10, 60)];
        _dns.DirectTls = [Record("direct", 443, 20), Record("middle", 443, 10, 40)];
        Assert.Equal("heavy:1, middle:443 direct, light:1, direct:443 direct, last:1", await FindAsync(Resolver(highest: true)));
        Assert.Equal("light:1, middle:443 direct, heavy:1, direct:443 direct, last:1", await FindAsync(Resolver(highest: false)));
    }

    [Theory]
    [InlineData(TlsMode.Required, Both, "a:5222, b:443 direct")]
    [InlineData(TlsMode.Direct, "_xmpps-client._tcp.example.org", "b:443 direct")]
    [InlineData(TlsMode.Disabled, "_xmpp-client._tcp.example.org", "a:5222")]
    public async Task What_cannot_be_used_is_not_asked_for(TlsMode tls, string asked, string targets)
    {
        _dns.StartTls = [Record("a", 5222)];
        _dns.DirectTls = [Record("b", 443, 1)];
        Assert.Equal(targets, await FindAsync(Resolver(tls: tls)));
        Assert.Equal(asked, _dns.Asked);
    }

    // "." as the only record of each service, "-" for none and "?" for no answer.
    [Theory]
    [InlineData(TlsMode.Required, "-", "-", "example.org:5222")]
    [InlineData(TlsMode.Direct, "-", "-", "example.org:5223 direct")]
    [InlineData(TlsMode.Required, "?", "?", "example.org:5222")]
    [InlineData(TlsMode.Required, "?", "b", "b:1 direct")]
    [InlineData(TlsMode.Required, "a", "?", "a:1")]
    [InlineData(TlsMode.Required, "a", ".", "a:1")]
    [InlineData(TlsMode.Required, ".", "b", "b:1 direct")]
    [InlineData(TlsMode.Required, "-", ".", "")]
    [InlineData(TlsMode.Required, "?", ".", "")]
    [InlineData(TlsMode.Required, ".", "-", "")]
    [InlineData(TlsMode.Required, ".", ".", "")]
    [InlineData(TlsMode.Direct, "a", ".", "")]
    [InlineData(TlsMode.Disabled, "a", ".", "a:1")]
    public async Task Dot_means_no_service_and_nothing_means_the_domain(TlsMode tls, string startTls, string direct, string targets)
    {
        (_dns.StartTls, _dns.DirectTls) = (Records(startTls), Records(direct));
        var found = await Resolver(tls: tls).ResolveAsync("example.org", tls == TlsMode.Direct ? 5223 : 5222, Token);
        Assert.Equal(targets, Text(found));
        Assert.Equal(
            targets.Length == 0, found.Problems.Any(p => p.StartsWith("DNS says that example.org offers no xmpp", StringComparison.Ordinal)));
        Assert.Equal(
            new[] { startTls, direct }.Count(s => s == "?"),
            found.Problems.Count(p => p.StartsWith("DNS did not answer for _xmpp", StringComparison.Ordinal)));

        static ServiceRecord[]? Records(string text) =>
            text switch { "?" => null, "-" => [], "." => [Record(".", 0)], _ => [Record(text, 1)] };
    }

    [Fact]
    public async Task Dot_among_others_is_no_place_to_go()
    {
        _dns.StartTls = [Record(".", 0), Record("a", 1)];
        Assert.Equal("a:1", await FindAsync(Resolver()));
    }

    [Fact]
    public async Task Domain_is_asked_for_in_ASCII()
    {
        var found = await Resolver(tls: TlsMode.Direct).ResolveAsync("bücher.example", 5223, Token);
        Assert.Equal("xn--bcher-kva.example:5223 direct", Text(found));
        Assert.Equal("_xmpps-client._tcp.xn--bcher-kva.example", _dns.Asked);
    }

    [Fact]
    public async Task Answer_is_remembered_as_long_as_it_holds()
    {
        _dns.StartTls = [Record("a", 1)];
        _dns.TimeToLive = TimeSpan.FromMinutes(5);
        var resolver = Resolver();
        Assert.False((await resolver.ResolveAsync("example.org", 5222, Token)).AreRemembered);
        Assert.Equal(Both, _dns.Asked);
        _dns.StartTls = [Record("b", 1)];
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        var remembered = await resolver.ResolveAsync("example.org", 5222, Token);
        Assert.True(remembered.AreRemembered);
        Assert.Equal("a:1", Text(remembered));
        Assert.Equal("", _dns.Asked);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("b:1", await FindAsync(resolver));
        Assert.Equal(Both, _dns.Asked);
    }

    [Fact]
    public async Task Weights_are_drawn_anew_from_what_is_remembered()
    {
        _dns.StartTls = [Record("a", 1, 0, 1), Record("b", 1, 0, 1)];
        _dns.TimeToLive = TimeSpan.FromMinutes(5);
        var draw = 0;
        var resolver = new ServiceResolver(Options(TlsMode.Required), _dns, max => Math.Min(draw, max - 1));
        Assert.Equal("a:1, b:1", await FindAsync(resolver));
        draw = 2;
        Assert.Equal("b:1, a:1", await FindAsync(resolver));
    }

    [Fact]
    public async Task What_is_forgotten_or_was_not_answered_is_asked_anew()
    {
        _dns.TimeToLive = TimeSpan.FromMinutes(5);
        _dns.DirectTls = null;
        var resolver = Resolver();
        await FindAsync(resolver);
        Assert.Equal(Both, _dns.Asked);
        await FindAsync(resolver);
        Assert.Equal("_xmpps-client._tcp.example.org", _dns.Asked);
        resolver.Forget("example.org");
        await FindAsync(resolver);
        Assert.Equal(Both, _dns.Asked);
    }

    [Fact]
    public async Task Nothing_is_remembered_for_longer_than_a_day_and_zero_not_at_all()
    {
        var resolver = Resolver();
        await FindAsync(resolver);
        await FindAsync(resolver);
        Assert.Equal("_xmpp-client._tcp.example.org " + Both + " _xmpps-client._tcp.example.org", _dns.Asked);
        _dns.TimeToLive = TimeSpan.FromDays(10_000);
        await FindAsync(resolver);
        _ = _dns.Asked;
        _time.Advance(TimeSpan.FromDays(1));
        await FindAsync(resolver);
        Assert.Equal(Both, _dns.Asked);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        var memory = new ServiceMemory(_time);
        for (var i = 0; i < 1000; i++)
        {
            memory.Keep(i.ToString(CultureInfo.InvariantCulture), new ServiceAnswer([], TimeSpan.FromHours(1)));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => memory.Recall(i.ToString(CultureInfo.InvariantCulture)) is not null), 1, 32);
    }

    [Fact]
    public async Task Slow_answer_is_not_waited_for()
    {
        var clock = new ManualClock();
        var options = Options(TlsMode.Direct);
        (options.TimeProvider, options.Timeouts.Connect) = (clock, TimeSpan.FromSeconds(7));
        var finding = new ServiceResolver(options, new Silence(), _ => 0).ResolveAsync("example.org", 5223, Token);
        await clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        clock.Advance(TimeSpan.FromSeconds(7));
        var found = await finding.Soon();
        Assert.Equal("example.org:5223 direct", Text(found));
        Assert.Equal(["DNS did not answer for _xmpps-client._tcp.example.org within 7 s"], found.Problems);
    }

    private static async Task<string> FindAsync(ServiceResolver resolver) => Text(await resolver.ResolveAsync("example.org", 5222, Token));

    private static string Text(ServiceTargets found) =>
        string.Join(", ", found.Targets.Select(t => t.IsDirectTls ? $"{t} direct" : t.ToString()));

    private ServiceResolver Resolver(bool highest = false, TlsMode tls = TlsMode.Required) =>
        new(Options(tls), _dns, max => highest ? max - 1 : 0);

    private XmppClientOptions Options(TlsMode tls) => new() { Tls = tls, TimeProvider = _time };

    private sealed class Silence : IServiceLookup
    {
        public async Task<ServiceAnswer> LookUpAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
