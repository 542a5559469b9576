using System.Buffers;
using System.IO.Pipelines;

namespace XmppChatClient.Core.Tests;

/// <summary>One end of a connection in memory. As with a socket, disposing it ends what waits on it, and what the other end
/// reads and writes.</summary>
internal sealed class MemoryEnd : Stream
{
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly ReadLimit _limit;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _taken;
    private bool _reading;
    private bool _otherIsClosed;

    private MemoryEnd(PipeReader input, PipeWriter output, ReadLimit limit)
    {
        _input = input;
        _output = output;
        _limit = limit;
    }

    /// <summary>How many bytes the next read may return at most.</summary>
    /// <param name="taken">How many were read before.</param>
    /// <param name="available">What has come.</param>
    public delegate long ReadLimit(long taken, ReadOnlySequence<byte> available);

    /// <summary>Ends when this end is disposed.</summary>
    public Task Disposed => _disposed.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="capacity">How many bytes may be under way before a writer waits.</param>
    /// <param name="limit">How the client's reads are cut.</param>
    public static (MemoryEnd Client, MemoryEnd Server) CreatePair(long capacity = 65_536, ReadLimit? limit = null)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: capacity, resumeWriterThreshold: (capacity / 2) + 1, useSynchronizationContext: false);
        var (up, down) = (new Pipe(options), new Pipe(options));
        return (
            new MemoryEnd(down.Reader, up.Writer, limit ?? All),
            new MemoryEnd(up.Reader, down.Writer, All));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(Disposed.IsCompleted, this);
            _reading = true;
        }

        try
        {
            var result = await _input.ReadAsync(cancellationToken);
            var available = result.Buffer;
            var count = result.IsCanceled
                ? 0 : Math.Min(buffer.Length, Math.Min(available.Length, _limit(_taken, available)));
            available.Slice(0, count).CopyTo(buffer.Span);
            _input.AdvanceTo(available.GetPosition(count));
            _taken += count;
            ObjectDisposedException.ThrowIf(result.IsCanceled, this);
            return (int)count;
        }
        finally
        {
            lock (_gate)
            {
                _reading = false;
                CompleteWhenDone();
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Disposed.IsCompleted, this);
        if (_otherIsClosed)
        {
            throw new IOException("The other end is closed.");
        }

        // The other end may have taken this and then closed, and TCP would not tell either before the next write.
        _otherIsClosed = (await _output.WriteAsync(buffer, cancellationToken)).IsCompleted;
        ObjectDisposedException.ThrowIf(Disposed.IsCompleted, this);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (disposing && _disposed.TrySetResult())
            {
                _output.CancelPendingFlush();
                _output.Complete();
                _input.CancelPendingRead();
                CompleteWhenDone();
            }
        }

        base.Dispose(disposing);
    }

    private static long All(long taken, ReadOnlySequence<byte> available) => long.MaxValue;

    // A pipe's reader must not be completed under a read that still has to advance it.
    private void CompleteWhenDone()
    {
        if (!_reading && Disposed.IsCompleted)
        {
            _input.Complete();
        }
    }
}
