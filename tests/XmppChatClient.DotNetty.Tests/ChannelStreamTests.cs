using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels.Embedded;
using XmppChatClient.Channels;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.DotNetty.Tests;

public sealed class ChannelStreamTests : StreamTests, IAsyncDisposable
{
    private readonly DotNettyEventLoops _loops = new(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected override IStreamDialer Dialer => _loops;

    public ValueTask DisposeAsync() => _loops.DisposeAsync();

    [Fact]
    public async Task Slow_reader_slows_its_peer_and_not_our_memory()
    {
        const int Sent = 16_000_000;
        await using var connection = await ConnectAsync();
        var stream = Assert.IsType<ChannelStream>(connection.Stream);
        var sending = SendAsync(connection.Peer, new byte[Sent]);
        var most = 0;
        for (var left = Sent; left > 0;)
        {
            left -= await stream.ReadAsync(new byte[Math.Min(1000, left)], Token);
            most = Math.Max(most, stream.HeldBytes);
        }

        await sending;
        Assert.InRange(most, 1, ChannelInput.HighWater + (64 * 1024));
        Assert.Equal(0, stream.HeldBytes);
    }

    [Fact]
    public void Input_counts_the_memory_it_holds_and_not_the_bytes_in_it()
    {
        var input = new ChannelInput(new EmbeddedChannel());
        var added = 0;
        do
        {
            input.Add(Unpooled.Buffer(1024).WriteByte('x'));
            added++;
        }
        while (input.WantsMore());

        Assert.Equal(ChannelInput.HighWater / 1024, added);
        input.Drop();
        Assert.Equal(0, input.Held);
    }

    [Fact]
    public async Task Second_read_beside_a_pending_one_is_refused()
    {
        await using var connection = await ConnectAsync();
        var first = connection.Stream.ReadAsync(new byte[1], Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await connection.Stream.ReadExactlyAsync(new byte[1], Token));
        await connection.Peer.SendAsync(new byte[1], Token);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Cancelled_write_is_sent_all_the_same_and_in_order()
    {
        await using var connection = await ConnectAsync();
        var first = new byte[16_000_000];
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = connection.Stream.WriteAsync(first, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        first.AsSpan().Fill(0xFF);
        var next = connection.Stream.WriteAsync("next"u8.ToArray(), Token);
        var received = await ReceiveAsync(connection.Peer, first.Length + 4);
        await next;
        Assert.Equal(-1, received.AsSpan(0, first.Length).IndexOfAnyExcept((byte)0));
        Assert.Equal("next"u8, received.AsSpan(first.Length));
    }

    [Fact]
    public async Task Whoever_waits_goes_on_in_the_thread_pool()
    {
        await using var connection = await ConnectAsync();
        var (stream, peer) = (connection.Stream, connection.Peer);
        var read = ThreadAfter(stream.ReadAsync(new byte[1], Token).AsTask());
        await peer.SendAsync(new byte[1], Token);
        Assert.True((await read).IsThreadPoolThread);
        var written = ThreadAfter(stream.WriteAsync(new byte[32_000_000], Token).AsTask());
        await ReceiveAsync(peer, 32_000_000);
        Assert.True((await written).IsThreadPoolThread);
    }

    [Fact]
    public async Task Disposal_gives_back_what_nobody_read()
    {
        await using var connection = await ConnectAsync();
        var stream = (ChannelStream)connection.Stream;
        await connection.Peer.SendAsync("never read"u8.ToArray(), Token);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, Token));
        Assert.NotEqual(0, stream.HeldBytes);
        await stream.DisposeAsync();
        Assert.Equal(0, stream.HeldBytes);
    }

    [Fact]
    public async Task Peer_that_ends_its_half_ends_ours()
    {
        await using var connection = await ConnectAsync();
        connection.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await connection.Stream.ReadAsync(new byte[1], Token));
        await ((ChannelStream)connection.Stream).Closed.WaitAsync(Token);
        var error = await Assert.ThrowsAsync<IOException>(async () => await connection.Stream.WriteAsync(new byte[1], Token));
        Assert.Equal(SocketError.Shutdown, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Kind_of_address_that_TCP_does_not_have_is_a_sockets_error() =>
        await Assert.ThrowsAnyAsync<SocketException>(async () => await Dialer.DialAsync(new OddAddress(), Token));

    // The thread that ends it; an await would choose one for itself.
    private static Task<Thread> ThreadAfter(Task operation) => operation.ContinueWith(
        _ => Thread.CurrentThread, Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private sealed class OddAddress() : IPEndPoint(IPAddress.Loopback, 1)
    {
        public override AddressFamily AddressFamily => AddressFamily.Ipx;
    }
}
