using System.Buffers;
using System.IO.Pipelines;

namespace XmppChatClient.Testing.Streams;

/// <summary>One end of a connection in memory. As with a socket, disposing it ends what waits on it, and what the other end
/// reads and writes.</summary>
internal sealed class MemoryWire : AsyncStream
{
    /// <summary>How many bytes may be under way before a writer waits, unless it is said.</summary>
    public const long DefaultCapacity = 65_536;

    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly Lock _lock = new();
    private long _taken;
    private bool _reading;
    private bool _outputClosed;
    private bool _otherIsClosed;
    private bool _disposed;

    private MemoryWire(PipeReader input, PipeWriter output)
    {
        _input = input;
        _output = output;
    }

    /// <summary>How what this end reads is cut; null for not at all.</summary>
    public ReadLimit? Limit { get; set; }

    /// <summary>Called once, when this end is disposed.</summary>
    public Action? Disposed { get; init; }

    /// <summary>The other end.</summary>
    public MemoryWire Other { get; private set; } = null!;

    /// <param name="clientGone">Called when the client's end is disposed.</param>
    public static (MemoryWire Client, MemoryWire Server) CreatePair(
        long capacity = DefaultCapacity, Action? clientGone = null)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: capacity, resumeWriterThreshold: (capacity / 2) + 1, useSynchronizationContext: false);
        var (up, down) = (new Pipe(options), new Pipe(options));
        var client = new MemoryWire(down.Reader, up.Writer) { Disposed = clientGone };
        var server = new MemoryWire(up.Reader, down.Writer) { Other = client };
        client.Other = server;
        return (client, server);
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
            var available = result.Buffer;
            var count = result.IsCanceled ? 0 : Math.Min(buffer.Length, available.Length);
            if (Limit is { } limit)
            {
                count = Math.Min(count, limit(_taken, available));
            }

            var taken = available.Slice(0, count);
            taken.CopyTo(buffer.Span);
            _input.AdvanceTo(taken.End);
            _taken += count;
            ObjectDisposedException.ThrowIf(result.IsCanceled, this);
            return (int)count;
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseOutput();
            var isFirst = false;
            lock (_lock)
            {
                if (!_disposed)
                {
                    isFirst = _disposed = true;
                    _input.CancelPendingRead();
                    CompleteWhenDone();
                }
            }

            if (isFirst)
            {
                Disposed?.Invoke();
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
