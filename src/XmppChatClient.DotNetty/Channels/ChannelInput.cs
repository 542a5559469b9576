using System.Threading.Tasks.Sources;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace XmppChatClient.Channels;

/// <summary>What a channel has received and nobody has read yet: the event loop adds, one reader takes. The channel is asked
/// for more only while little is held, so that a slow reader slows its peer and not our memory.</summary>
internal sealed class ChannelInput(IChannel channel) : IValueTaskSource<int>
{
    /// <summary>At this many bytes held the channel is read no further. It may then hold one more receive buffer.</summary>
    public const int HighWater = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<IByteBuffer> _received = new();
    private ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private Memory<byte> _destination;
    private int _held;
    private bool _asked;
    private bool _busy;
    private bool _waiting;
    private bool _ended;
    private Exception? _cause;

    /// <summary>Bytes of memory held now, whatever part of them is filled.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Asks the channel, once it is connected, for its first bytes.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _asked = true;
        }

        channel.Read();
    }

    /// <summary>Takes what is there, or waits for something to be there; an empty destination waits and takes nothing.
    /// </summary>
    /// <returns>0 at the end of input.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        int taken;
        bool ask;
        lock (_gate)
        {
            if (_busy)
            {
                throw new InvalidOperationException("Another read is pending; one reads at a time.");
            }

            if (_received.Count == 0 && !_ended)
            {
                _busy = _waiting = true;
                _destination = destination;
                taken = -1;
                ask = false;
            }
            else
            {
                taken = Take(destination.Span);
                ask = !_asked && !_ended && _held <= HighWater / 2;
                _asked |= ask;
            }
        }

        if (taken < 0)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (input, token) => ((ChannelInput)input!).Cancel(token), this);
            return new ValueTask<int>(this, _source.Version);
        }

        if (ask)
        {
            channel.Read();
        }

        return new ValueTask<int>(taken);
    }

    /// <summary>Takes over a buffer with its reference.</summary>
    public void Add(IByteBuffer buffer)
    {
        int taken;
        lock (_gate)
        {
            if (_ended || !buffer.IsReadable())
            {
                buffer.Release();
                return;
            }

            _received.Enqueue(buffer);
            _held += buffer.Capacity;
            if (!_waiting)
            {
                return;
            }

            taken = Take(_destination.Span);
            StopWaiting();
        }

        _source.SetResult(taken);
    }

    /// <summary>The channel has done what it was asked for.</summary>
    /// <returns>Whether to ask again.</returns>
    public bool WantsMore()
    {
        lock (_gate)
        {
            return _asked = !_ended && _held < HighWater;
        }
    }

    /// <summary>Nothing more will come. What came before can still be read; only then is the end reported.</summary>
    /// <param name="cause">Why, when it is not the end of input in good order.</param>
    public void End(Exception? cause)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _cause = cause;
            if (!_waiting)
            {
                return;
            }

            StopWaiting();
        }

        if (cause is null)
        {
            _source.SetResult(0);
        }
        else
        {
            _source.SetException(ChannelFault.Of(cause));
        }
    }

    /// <summary>Gives back what nobody will read any more.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            while (_received.TryDequeue(out var buffer))
            {
                buffer.Release();
            }

            _held = 0;
        }
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        // Waits for a cancellation that is on its way, which must not reach the next read.
        _registration.Dispose();
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            lock (_gate)
            {
                _busy = false;
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> destination)
    {
        var taken = 0;
        while (taken < destination.Length && _received.TryPeek(out var buffer))
        {
            var count = Math.Min(buffer.ReadableBytes, destination.Length - taken);
            buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, count).CopyTo(destination[taken..]);
            buffer.SkipBytes(count);
            taken += count;
            if (!buffer.IsReadable())
            {
                _received.Dequeue();
                _held -= buffer.Capacity;
                buffer.Release();
            }
        }

        return taken == 0 && _received.Count == 0 && _cause is { } cause ? throw ChannelFault.Of(cause) : taken;
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                return;
            }

            StopWaiting();
        }

        _source.SetException(new OperationCanceledException(cancellationToken));
    }

    private void StopWaiting()
    {
        _waiting = false;
        _destination = default;
    }
}
