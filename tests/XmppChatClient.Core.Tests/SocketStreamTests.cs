using System.Net;
using System.Net.Sockets;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

public sealed class SocketStreamTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Stream _stream = null!;
    private Socket _peer = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        _stream = await SocketDialer.Instance.DialAsync((IPEndPoint)_listener.LocalEndpoint, Token);
        _peer = await _listener.AcceptSocketAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _peer.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task What_the_kernel_has_room_for_is_sent_at_once()
    {
        Assert.True(_stream.WriteAsync("<a/>"u8.ToArray(), Token).AsTask().IsCompletedSuccessfully);
        var received = new byte[4];
        await _peer.ReceiveAsync(received, Token).AsTask().Soon();
        Assert.Equal("<a/>"u8.ToArray(), received);
    }

    [Fact]
    public async Task More_than_the_kernel_has_room_for_arrives_whole()
    {
        var sent = new byte[32 * 1024 * 1024];
        Random.Shared.NextBytes(sent);
        var writing = _stream.WriteAsync(sent, Token).AsTask();
        Assert.False(writing.IsCompleted);

        var received = new byte[sent.Length];
        await using var peer = new NetworkStream(_peer);
        await peer.ReadExactlyAsync(received, Token).AsTask().Soon();
        await writing.Soon();
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Lost_connection_is_trouble_with_the_network()
    {
        _peer.LingerState = new LingerOption(enable: true, seconds: 0);
        _peer.Close();
        await Assert.ThrowsAsync<IOException>(async () => await _stream.ReadAsync(new byte[1], Token).AsTask().Soon());
        await Assert.ThrowsAsync<IOException>(() => _stream.WriteAsync("<a/>"u8.ToArray(), Token).AsTask());
    }

    [Fact]
    public async Task Write_after_the_end_is_refused()
    {
        await _stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _stream.WriteAsync("<a/>"u8.ToArray(), Token).AsTask());
    }
}
