using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

public sealed class HappyEyeballsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeDialer _dialer = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Second_address_is_tried_after_a_quarter_of_a_second()
    {
        var dialing = DialAsync(1, 2);
        Assert.Equal(1, await _dialer.NextAsync());
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(_dialer.HasNext);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await _dialer.NextAsync());
        var first = _dialer.Answer(1);
        var (stream, address) = await dialing.Soon();
        Assert.Equal((first, 1), (stream, address.Port));
    }

    [Fact]
    public async Task Failure_starts_the_next_attempt_at_once()
    {
        var dialing = DialAsync(1, 2);
        Assert.Equal(1, await _dialer.NextAsync());
        _dialer.Refuse(1);
        Assert.Equal(2, await _dialer.NextAsync());
        var second = _dialer.Answer(2);
        Assert.Same(second, (await dialing.Soon()).Stream);
    }

    [Fact]
    public async Task Loser_that_answers_after_all_is_dropped()
    {
        _dialer.IgnoresCancellation = true;
        var dialing = DialAsync(1, 2);
        Assert.Equal(1, await _dialer.NextAsync());
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, await _dialer.NextAsync());
        var winner = _dialer.Answer(2);
        Assert.Same(winner, (await dialing.Soon()).Stream);
        var loser = _dialer.Answer(1);
        await loser.Disposed.Soon();
        Assert.False(winner.Disposed.IsCompleted);
    }

    [Fact]
    public async Task Every_failure_is_told()
    {
        var dialing = DialAsync(1, 2);
        await _dialer.NextAsync();
        _dialer.Refuse(1);
        await _dialer.NextAsync();
        _dialer.Fail(2, new IOException("another stack"));
        var error = await Assert.ThrowsAsync<AggregateException>(() => dialing.Soon());
        Assert.Collection(
            error.InnerExceptions,
            e => Assert.Contains("127.0.0.1:1: ", Assert.IsType<SocketException>(e).Message, StringComparison.Ordinal),
            e => Assert.Equal("another stack", Assert.IsType<IOException>(e).Message));
    }

    [Fact]
    public async Task Address_that_never_answers_is_given_up()
    {
        var dialing = DialAsync(1);
        await _dialer.NextAsync();
        _time.Advance(Timeout);
        var error = await Assert.ThrowsAsync<AggregateException>(() => dialing.Soon());
        Assert.Contains("within 15 s", Assert.IsType<TimeoutException>(Assert.Single(error.InnerExceptions)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_ends_all_attempts(bool dialerIgnoresIt)
    {
        _dialer.IgnoresCancellation = dialerIgnoresIt;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var dialing = new HappyEyeballs(_dialer, Timeout, _time).DialAsync(Addresses(1, 2), cancel.Token).AsTask();
        await _dialer.NextAsync();
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialing.Soon());
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Fault_of_a_dialer_is_not_taken_for_a_failure()
    {
        var dialing = DialAsync(1, 2);
        await _dialer.NextAsync();
        _dialer.Fail(1, new NotSupportedException());
        await Assert.ThrowsAsync<NotSupportedException>(() => dialing.Soon());
        Assert.False(_dialer.HasNext);
    }

    [Fact]
    public void Families_take_turns()
    {
        IPAddress[] addresses = [.. new[] { "::1", "::2", "::3", "127.0.0.1" }.Select(IPAddress.Parse)];
        Assert.Equal(
            ["::1", "127.0.0.1", "::2", "::3"], HappyEyeballs.Interleave(addresses, 1).Select(e => e.Address.ToString()));
        Assert.Empty(HappyEyeballs.Interleave([], 1));
    }

    [Theory]
    [InlineData(null, "example.org")]
    [InlineData("other.example.org", "other.example.org, example.org")]
    public async Task Every_target_is_tried_and_named(string? preferred, string lookedUp)
    {
        var options = new XmppClientOptions { Jid = Jid.Parse("example.org"), TimeProvider = _time, Tls = TlsMode.Direct, Proxy = new WebProxy() };
        var lookup = new TwoTargets();
        var connecting = new TcpConnector(options, _dialer, lookup)
            .ConnectAsync("example.org", ServerHost.Read(preferred), Token).AsTask();
        Assert.Equal(1, await _dialer.NextAsync());
        _dialer.Refuse(1);
        Assert.Equal(2, await _dialer.NextAsync());
        _dialer.Refuse(2);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.Soon());
        Assert.Contains("127.0.0.1:1 cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:2 cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Equal(lookedUp, string.Join(", ", lookup.Domains));
    }

    private static IReadOnlyList<IPEndPoint> Addresses(params int[] ports) =>
        [.. ports.Select(p => new IPEndPoint(IPAddress.Loopback, p))];

    private Task<(Stream Stream, IPEndPoint Address)> DialAsync(params int[] ports) =>
        new HappyEyeballs(_dialer, Timeout, _time).DialAsync(Addresses(ports), Token).AsTask();

    private sealed class TwoTargets : IServiceLookup
    {
        public List<string> Domains { get; } = [];

        public Task<ServiceAnswer> LookUpAsync(string name, CancellationToken cancellationToken)
        {
            Domains.Add(name.Replace("_xmpps-client._tcp.", "", StringComparison.Ordinal));
            return Task.FromResult(new ServiceAnswer([new(new("127.0.0.1", 2), 20, 0), new(new("127.0.0.1", 1), 10, 0)], TimeSpan.Zero));
        }
    }

    /// <summary>Answers when told to; addresses are told apart by their ports.</summary>
    private sealed class FakeDialer : IStreamDialer
    {
        private readonly Channel<int> _dialed = Channel.CreateUnbounded<int>();
        private readonly Dictionary<int, TaskCompletionSource<Stream>> _attempts = Enumerable.Range(1, 2)
            .ToDictionary(p => p, _ => new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously));

        public bool IgnoresCancellation { get; set; }

        public bool HasNext => _dialed.Reader.TryPeek(out _);

        public Task<int> NextAsync() => _dialed.Reader.ReadAsync(Token).AsTask().Soon();

        public DialedStream Answer(int port)
        {
            var stream = new DialedStream();
            _attempts[port].SetResult(stream);
            return stream;
        }

        public void Refuse(int port) => Fail(port, new SocketException((int)SocketError.ConnectionRefused));

        public void Fail(int port, Exception error) => _attempts[port].SetException(error);

        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
        {
            _dialed.Writer.TryWrite(address.Port);
            var attempt = _attempts[address.Port].Task;
            return new(IgnoresCancellation ? attempt : attempt.WaitAsync(cancellationToken));
        }
    }

    private sealed class DialedStream : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
