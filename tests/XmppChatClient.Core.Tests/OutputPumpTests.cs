using System.Text;
using System.Threading.Channels;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests;

public sealed class OutputPumpTests : IDisposable
{
    private const int OverHighWater = 300 * 1024;

    private readonly GatedStream _stream = new();
    private readonly OutputPump _pump;

    public OutputPumpTests() => _pump = new OutputPump(_stream, "urn:test");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_during_a_write_goes_out_in_one()
    {
        await WriteAsync("a");
        Assert.Equal("<a/>", await _stream.WrittenAsync());
        await WriteAsync("b");
        await WriteAsync("c");
        var flushed = _pump.FlushAsync(Token);
        Assert.False(flushed.IsCompleted);
        _stream.Open();
        Assert.Equal("<b/><c/>", await _stream.WrittenAsync());
        Assert.False(flushed.IsCompleted);
        _stream.Open();
        await flushed.Soon();
        await _pump.FlushAsync(Token).Soon();
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_out_one_by_one_where_each_is_a_message()
    {
        var pump = new OutputPump(message => _stream.WriteAsync(message));
        string[] names = ["a", "b", "c", "d"];
        foreach (var name in names)
        {
            await pump.WriteAsync(name, static (writer, n) => writer.WriteElement(new XmlName("urn:test", n)), Token);
            await Assert.ThrowsAsync<ArgumentException>(async () => await pump.WriteAsync(
                "\u0001", static (writer, text) => writer.WriteElement(new XmlName("urn:test", "bad"), text), Token));
        }

        foreach (var name in names)
        {
            Assert.Equal($"<{name} xmlns='urn:test'/>", await _stream.WrittenAsync());
            _stream.Open();
        }

        await pump.FlushAsync(Token).Soon();
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_out_together_as_far_as_it_may()
    {
        var pump = new OutputPump(messages => _stream.WriteAsync(messages), together: 40);
        foreach (var name in (string[])["a", "b", "c", new string('d', 50), "e"])
        {
            await pump.WriteAsync(name, static (writer, n) => writer.WriteElement(new XmlName("urn:test", n)), Token);
            if (name == "a")
            {
                Assert.Equal("<a xmlns='urn:test'/>", await _stream.WrittenAsync());
            }
        }

        _stream.Open();
        Assert.Equal("<b xmlns='urn:test'/>", await _stream.WrittenAsync());
        _stream.OpenForGood();
        await pump.FlushAsync(Token).Soon();
        Assert.True(pump.IsIdle);
        Assert.Equal(5, _stream.All.Split("/>", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Sender_waits_while_too_much_is_unsent()
    {
        await WriteAsync("a");
        await _stream.WrittenAsync();
        var sent = WriteAsync("b", OverHighWater);
        Assert.False(sent.IsCompleted);
        _stream.Open();
        await sent.Soon();
        Assert.Equal(OverHighWater + "<b></b>".Length, (await _stream.WrittenAsync()).Length);
    }

    [Fact]
    public async Task Cancelling_gives_up_the_wait_and_not_the_data()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await WriteAsync("a");
        await _stream.WrittenAsync();
        var sent = WriteAsync("b", OverHighWater, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent.Soon());
        _stream.Open();
        Assert.StartsWith("<b>xxx", await _stream.WrittenAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(NotSupportedException))]
    public async Task Fault_while_writing_is_told_to_all(Type fault)
    {
        await WriteAsync("a");
        await _stream.WrittenAsync();
        var sent = WriteAsync("b", OverHighWater);
        var flushed = _pump.FlushAsync(Token);
        _stream.Fail((Exception)Activator.CreateInstance(fault, "the fault")!);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => sent.Soon());
        Assert.Contains("the fault", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<XmppConnectionException>(() => flushed.Soon());
        await Assert.ThrowsAsync<XmppConnectionException>(() => WriteAsync("c"));
        await Assert.ThrowsAsync<XmppConnectionException>(() => _pump.FlushAsync(Token));
    }

    [Fact]
    public async Task Failing_it_ends_all_waits_and_keeps_its_first_reason()
    {
        await WriteAsync("a");
        await _stream.WrittenAsync();
        var sent = WriteAsync("b", OverHighWater);
        _pump.Fail(new XmppConnectionException("first"));
        _pump.Fail(new XmppConnectionException("second"));
        Assert.Equal("first", (await Assert.ThrowsAsync<XmppConnectionException>(() => sent.Soon())).Message);
        Assert.Equal("first", (await Assert.ThrowsAsync<XmppConnectionException>(() => WriteAsync("c"))).Message);
        _stream.Open();
    }

    [Fact]
    public async Task Writer_that_throws_leaves_nothing_behind()
    {
        await WriteAsync("a");
        await _stream.WrittenAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await _pump.WriteAsync(
            0,
            static (writer, _) =>
            {
                writer.WriteStart("urn:test", "half");
                writer.WriteText("\0");
            },
            Token));
        await WriteAsync("whole");
        _stream.Open();
        Assert.Equal("<whole/>", await _stream.WrittenAsync());
    }

    [Fact]
    public async Task Many_threads_lose_nothing_and_mix_nothing()
    {
        const int Threads = 8;
        const int Each = 500;
        _stream.OpenForGood();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(t => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await WriteAsync($"t{t}n{i}");
                }
            },
            Token))).Soon();
        await _pump.FlushAsync(Token).Soon();
        var written = _stream.All.Split("/>", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Threads * Each, written.Length);
        for (var t = 0; t < Threads; t++)
        {
            var prefix = $"<t{t}n";
            Assert.Equal(
                Enumerable.Range(0, Each).Select(i => $"{prefix}{i}"),
                written.Where(w => w.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    public void Dispose() => _stream.Dispose();

    private Task WriteAsync(string name, int length = 0, CancellationToken? cancellationToken = null) => _pump.WriteAsync(
        new XmppElement(new XmlName("urn:test", name), length == 0 ? [] : [new string('x', length)]),
        static (writer, element) => element.Write(writer),
        cancellationToken ?? Token).AsTask();

    /// <summary>Each write waits until it is let through.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly Channel<string> _written = Channel.CreateUnbounded<string>();
        private readonly SemaphoreSlim _gate = new(0);
        private volatile Exception? _fault;

        public string All => Encoding.UTF8.GetString(ToArray());

        public Task<string> WrittenAsync() => _written.Reader.ReadAsync(Token).AsTask().Soon();

        public void Open() => _gate.Release();

        public void OpenForGood() => _gate.Release(int.MaxValue / 2);

        public void Fail(Exception fault)
        {
            _fault = fault;
            Open();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _written.Writer.TryWrite(Encoding.UTF8.GetString(buffer.Span));
            await _gate.WaitAsync(cancellationToken);
            if (_fault is not null)
            {
                throw _fault;
            }

            Write(buffer.Span);
        }

        protected override void Dispose(bool disposing)
        {
            _gate.Dispose();
            base.Dispose(disposing);
        }
    }
}
