using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.DotNetty.Tests;

/// <summary>What the client relies on in the stream of any dialer.</summary>
public abstract class StreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IStreamDialer Dialer { get; }

    [Fact]
    public async Task Bytes_go_both_ways()
    {
        await using var connection = await ConnectAsync();
        await connection.Stream.WriteAsync("to the peer"u8.ToArray(), Token);
        Assert.Equal("to the peer", Encoding.UTF8.GetString(await ReceiveAsync(connection.Peer, 11)));
        await connection.Peer.SendAsync("from the peer"u8.ToArray(), Token);
        Assert.Equal("from the peer", Encoding.UTF8.GetString(await ReadAsync(connection.Stream, 13)));
    }

    [Fact]
    public async Task Much_data_goes_both_ways_at_once_and_arrives_whole()
    {
        await using var connection = await ConnectAsync();
        var (up, down) = (RandomNumberGenerator.GetBytes(8_000_000), RandomNumberGenerator.GetBytes(8_000_000));
        var received = ReceiveAsync(connection.Peer, up.Length);
        var read = ReadAsync(connection.Stream, down.Length);
        var sending = SendAsync(connection.Peer, down);
        foreach (var part in up.Chunk(100_000))
        {
            await connection.Stream.WriteAsync(part, Token);
        }

        await sending;
        Assert.True((await received).AsSpan().SequenceEqual(up));
        Assert.True((await read).AsSpan().SequenceEqual(down));
    }

    [Fact]
    public async Task End_of_input_comes_after_the_last_byte()
    {
        await using var connection = await ConnectAsync();
        await connection.Peer.SendAsync("the last word"u8.ToArray(), Token);
        connection.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal("the last word", Encoding.UTF8.GetString(await ReadAsync(connection.Stream, 13)));
        Assert.Equal(0, await connection.Stream.ReadAsync(new byte[1], Token));
        Assert.Equal(0, await connection.Stream.ReadAsync(Memory<byte>.Empty, Token));
        Assert.Equal(0, await connection.Stream.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Reset_ends_a_pending_read_with_the_sockets_error()
    {
        await using var connection = await ConnectAsync();
        var reading = connection.Stream.ReadAsync(new byte[1], Token).AsTask();
        connection.Reset();
        var error = await Assert.ThrowsAsync<IOException>(() => reading);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Reset_ends_writing_with_the_sockets_error()
    {
        await using var connection = await ConnectAsync();
        connection.Reset();
        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await connection.Stream.WriteAsync(new byte[1000], Token);
            }
        });
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Fact]
    public async Task Empty_read_ends_when_there_is_something_to_read_and_takes_nothing()
    {
        await using var connection = await ConnectAsync();
        var waiting = connection.Stream.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await connection.Peer.SendAsync("something"u8.ToArray(), Token);
        Assert.Equal(0, await waiting);
        Assert.Equal("something", Encoding.UTF8.GetString(await ReadAsync(connection.Stream, 9)));
    }

    [Fact]
    public async Task Cancelled_read_loses_nothing()
    {
        await using var connection = await ConnectAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = connection.Stream.ReadAsync(new byte[100], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await connection.Peer.SendAsync("not lost"u8.ToArray(), Token);
        Assert.Equal("not lost", Encoding.UTF8.GetString(await ReadAsync(connection.Stream, 8)));
    }

    [Fact]
    public async Task Token_of_a_read_that_is_over_cancels_no_other()
    {
        await using var connection = await ConnectAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = connection.Stream.ReadAsync(new byte[1], cancellation.Token);
        await connection.Peer.SendAsync("1"u8.ToArray(), Token);
        Assert.Equal(1, await first);
        var second = connection.Stream.ReadAsync(new byte[1], Token);
        await cancellation.CancelAsync();
        await connection.Peer.SendAsync("2"u8.ToArray(), Token);
        Assert.Equal(1, await second);
    }

    [Fact]
    public async Task Cancelled_write_stops_waiting_for_a_peer_that_takes_nothing()
    {
        await using var connection = await ConnectAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = connection.Stream.WriteAsync(new byte[32_000_000], cancellation.Token).AsTask();
        Assert.False(writing.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task Write_waits_for_a_peer_that_takes_nothing()
    {
        await using var connection = await ConnectAsync();
        var writing = connection.Stream.WriteAsync(new byte[32_000_000], Token).AsTask();
        Assert.False(writing.IsCompleted);
        await ReceiveAsync(connection.Peer, 32_000_000);
        await writing;
    }

    [Fact]
    public async Task Disposal_ends_what_is_pending_and_the_peer_is_told()
    {
        await using var connection = await ConnectAsync();
        var reading = connection.Stream.ReadAsync(new byte[1], Token).AsTask();
        await connection.Stream.WriteAsync("x"u8.ToArray(), Token);
        await connection.Stream.DisposeAsync();

        // A socket may report its own closing as the end of input.
        var ended = await Record.ExceptionAsync(() => reading.WaitAsync(Hang.Limit, Token));
        Assert.True(ended is null or IOException or ObjectDisposedException, $"{ended}");
        await AssertGoneAsync(connection.Peer);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await connection.Stream.ReadExactlyAsync(new byte[1], Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await connection.Stream.WriteAsync(new byte[1], Token));
        await connection.Stream.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_ends_a_pending_write()
    {
        await using var connection = await ConnectAsync();
        var writing = connection.Stream.WriteAsync(new byte[32_000_000], Token).AsTask();
        await connection.Stream.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(Hang.Limit, Token));
        Assert.True(writing.Exception!.InnerException is IOException or ObjectDisposedException);
    }

    [Fact]
    public async Task Refused_connection_is_a_sockets_error()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var error = await Assert.ThrowsAsync<SocketException>(
            async () => await Dialer.DialAsync((IPEndPoint)unused.LocalEndPoint!, Token));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task Dialling_an_address_that_does_not_answer_can_be_cancelled()
    {
        // One connection fills the queue of a listener that accepts none; the next gets no answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        await using var first = await Dialer.DialAsync(address, Token);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var second = Dialer.DialAsync(address, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Hang.Limit, Token));
    }

    // A socket that is disposed of under a pending read may reset its connection.
    private static async Task AssertGoneAsync(Socket peer)
    {
        try
        {
            while (await peer.ReceiveAsync(new byte[1], Token) > 0)
            {
            }
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }

    private protected Task<Loopback> ConnectAsync() => Loopback.ConnectAsync(Dialer, Token);

    private protected static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, Token);
        return bytes;
    }

    private protected static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), Token);
            Assert.NotEqual(0, more);
            received += more;
        }

        return bytes;
    }

    private protected static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, Token)..];
        }
    }
}
