using System.IO.Pipelines;

namespace XmppChatClient.Testing.Streams;

/// <summary>One end of a connection in memory. As with a socket, disposing it ends what waits on it, and what the other end
/// reads and writes.</summary>
internal sealed class MemoryWire : Stream
{
    // What may be under way before a writer waits.
    private const int Capacity = 65_536;

    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly Lock _lock = new();
    private bool _reading;
    private bool _outputClosed;
    private bool _otherIsClosed;
    private bool _disposed;

    private MemoryWire(PipeReader input, PipeWriter output)
    {
        _input = input;
        _output = output;
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

    public static (MemoryWire Client, MemoryWire Server) CreatePair()
    {
        var options = new PipeOptions(
            pauseWriterThreshold: Capacity, resumeWriterThreshold: Capacity / 2, useSynchronizationContext: false);
        var (up, down) = (new Pipe(options), new Pipe(options));
        return (new MemoryWire(down.Reader, up.Writer), new MemoryWire(up.Reader, down.Writer));
    }

    /// <summary>Ends what the other end reads, after what was written already.</summary>
    public void CloseOutput()
    {
        lock (_lock)
        {
            if (!_outputClosed)
            {
                _outputClosed = true;
                _output.CancelPendingFlush();
                _output.Complete();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _reading = true;
        }

        try
        {
            var result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var count = result.IsCanceled ? 0 : (int)Math.Min(buffer.Length, result.Buffer.Length);
            var taken = result.Buffer.Slice(0, count);
            var at = 0;
            foreach (var memory in taken)
            {
                memory.CopyTo(buffer[at..]);
                at += memory.Length;
            }

            _input.AdvanceTo(taken.End);
            ObjectDisposedException.ThrowIf(result.IsCanceled, this);
            return count;
        }
        finally
        {
            lock (_lock)
            {
                _reading = false;
                CompleteWhenDone();
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_otherIsClosed || _outputClosed)
        {
            throw new IOException("The other end is closed.");
        }

        try
        {
            // The other end may have taken this and then closed, and TCP would not tell either before the next write.
            _otherIsClosed = (await _output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false)).IsCompleted;
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("This end was closed meanwhile.", e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseOutput();
            lock (_lock)
            {
                if (!_disposed)
                {
                    _disposed = true;
                    _input.CancelPendingRead();
                    CompleteWhenDone();
                }
            }
        }

        base.Dispose(disposing);
    }

    // A pipe's reader must not be completed under a read that still has to advance it.
    private void CompleteWhenDone()
    {
        if (!_reading && _disposed)
        {
            _input.Complete();
        }
    }
}
