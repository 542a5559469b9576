using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace XmppChatClient.Channels;

/// <summary>A TCP connection of DotNetty's as a stream. Whoever awaits it goes on in the thread pool, never on the event
/// loop.</summary>
internal sealed class ChannelStream : Stream
{
    private readonly Socket _socket;
    private readonly TcpSocketChannel _channel;
    private readonly ChannelInput _input;
    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Task? _lastWrite;
    private Exception? _cause;
    private int _disposed;

    /// <exception cref="SocketException">There is no socket to be had for that kind of address.</exception>
    public ChannelStream(AddressFamily family)
    {
        _socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            _channel = new TcpSocketChannel(_socket);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _input = new ChannelInput(_channel);
        _channel.Configuration.AutoRead = false;

        // The caller's token says how long to wait.
        _channel.Configuration.ConnectTimeout = TimeSpan.Zero;
        _channel.Pipeline.AddLast(new ChannelEvents(_input, this));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends when the socket is closed, by whoever; what was received may still be read.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Memory held by what is received and not read yet.</summary>
    public int HeldBytes => _input.Held;

    /// <exception cref="SocketException">The address does not answer.</exception>
    public async Task ConnectAsync(IEventLoop loop, IPEndPoint address, CancellationToken cancellationToken)
    {
        try
        {
            await FinishAsync(loop.RegisterAsync(_channel), cancellationToken).ConfigureAwait(false);
            await FinishAsync(_channel.ConnectAsync(address), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ChannelFault.SocketErrorIn(e);
        }

        _input.Start();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _input.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>One write, one flush; ends when the socket has taken it all. Cancelling gives up waiting: the bytes may
    /// still be sent, in order.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (_cut.IsCancellationRequested)
        {
            throw ChannelFault.Of(_cause!);
        }

        if (buffer.IsEmpty)
        {
            return;
        }

        // A copy, since the caller may use its buffer again after it has given up waiting.
        var bytes = _channel.Allocator.Buffer(buffer.Length);
        buffer.Span.CopyTo(bytes.Array.AsSpan(bytes.ArrayOffset + bytes.WriterIndex));
        bytes.SetWriterIndex(bytes.WriterIndex + buffer.Length);
        var write = _channel.WriteAndFlushAsync(bytes);
        _lastWrite = write;
        try
        {
            await FinishAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ChannelFault.Of(e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes the connection at once: whatever is pending fails for that reason, and so does what comes later. What
    /// was received before can still be read.</summary>
    public void Cut(Exception cause)
    {
        if (Interlocked.CompareExchange(ref _cause, cause, null) is not null)
        {
            return;
        }

        _input.End(cause);
        _cut.Cancel();
        _ = CloseAsync();
    }

    /// <summary>The channel was closed on its event loop: by the peer, or by trouble with the socket. DotNetty has no half of
    /// a connection: when the peer ends its half, ours is closed too.</summary>
    public void ChannelClosed()
    {
        // Of a write that failed DotNetty tells the writer only.
        var error = _lastWrite is { IsFaulted: true, Exception.InnerException: { InnerException: SocketException e } } ? e : null;
        if (error is null)
        {
            _input.End(null);
        }

        Cut(error ?? new SocketException((int)SocketError.Shutdown));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await Closed.ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Cut(new SocketException((int)SocketError.OperationAborted));
            _input.Drop();
        }

        base.Dispose(disposing);
    }

    private async Task CloseAsync()
    {
        if (_channel.Registered)
        {
            var loop = _channel.EventLoop;
            Forget(_channel.CloseAsync());
            await Task.WhenAny(_channel.CloseCompletion, loop.TerminationCompletion).ConfigureAwait(false);
            if (!_channel.CloseCompletion.IsCompleted)
            {
                // A loop that has ended closes nothing and releases no buffer any more; nor does it stand in our way.
                Forget(_channel.Unsafe.CloseAsync());
            }
        }

        // DotNetty leaves the socket open if shutting it down fails.
        _socket.Dispose();
        _closed.SetResult();
    }

    private async Task FinishAsync(Task operation, CancellationToken cancellationToken)
    {
        using var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token)
            : null;
        try
        {
            await operation.WaitAsync(either?.Token ?? _cut.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Forget(operation);
            cancellationToken.ThrowIfCancellationRequested();
            throw ChannelFault.Of(_cause!);
        }
    }

    // Nobody waits for it any more; what becomes of it is known already.
    private static void Forget(Task operation) => _ = operation.ContinueWith(
        static task => _ = task.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
