using System.Buffers;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Sends from many threads: each call adds its bytes under a lock, and one pump, started when there is something to
/// do, sends all that has come together since its last write. While one buffer is being sent the other fills.</summary>
internal sealed class OutputPump : IBufferWriter<byte>, IThreadPoolWorkItem
{
    // Above this many unsent bytes a sender waits, so that a slow server slows its senders and not our memory.
    private const int HighWater = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _send;
    private readonly string _defaultNamespace;
    private readonly int _together;

    // What an element that stands alone has more: the declaration of a namespace that the stream has declared.
    private readonly int _undeclared;

    // Made when there is something to write, as one that writes for long is not made for each stanza.
    private XmlStreamWriter? _writer;
    private bool _inStream;
    private PooledBuffer _filling = new();
    private PooledBuffer _sending = new();

    // Where what was added ends, if each is sent by itself.
    private List<int>? _fillingEnds;
    private List<int>? _sendingEnds;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private XmppException? _fault;
    private bool _pumping;

    /// <summary>Writes to a stream.</summary>
    public OutputPump(Stream stream, string defaultNamespace)
    {
        _send = bytes => stream.WriteAsync(bytes);
        _defaultNamespace = defaultNamespace;
        _undeclared = " xmlns=''".Length + defaultNamespace.Length;
    }

    /// <summary>Sends what each call adds as a document of its own.</summary>
    /// <param name="together">How many bytes may be sent at once when they are several documents. 0 sends each by itself.</param>
    public OutputPump(Func<ReadOnlyMemory<byte>, ValueTask> send, int together = 0)
    {
        _send = send;
        _together = together;
        _defaultNamespace = "";
        (_fillingEnds, _sendingEnds) = ([], []);
    }

    /// <summary>Whether everything added so far is sent.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_pumping;
            }
        }
    }

    /// <summary>How many bytes one call may add, as an element that stands alone has them; <see langword="null"/> for any number.
    /// </summary>
    public long? Limit
    {
        get;
        set
        {
            lock (_gate)
            {
                field = value;
            }
        }
    }

    /// <summary>Adds what <paramref name="write"/> writes, or nothing if it throws.</summary>
    /// <returns>Ends when there is room for more.</returns>
    /// <exception cref="XmppStanzaTooLargeException">That is more than <see cref="Limit"/>.</exception>
    public ValueTask WriteAsync<TState>(TState state, Action<XmlStreamWriter, TState> write, CancellationToken cancellationToken)
    {
        Task? room = null;
        lock (_gate)
        {
            if (_fault is not null)
            {
                throw Gone();
            }

            var start = _filling.Length;
            try
            {
                _writer ??= new XmlStreamWriter(this, _defaultNamespace) { InStream = _inStream };
                write(_writer, state);
                _inStream = _writer.InStream;
                if (_filling.Length - start + _undeclared is var length && length > Limit)
                {
                    throw new XmppStanzaTooLargeException(length, Limit.Value);
                }
            }
            catch
            {
                _filling.Truncate(start);
                _writer = null;
                throw;
            }

            _fillingEnds?.Add(_filling.Length);
            if (!_pumping && _filling.Length > 0)
            {
                _pumping = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            if (_filling.Length > HighWater)
            {
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
        }

        return room is null ? ValueTask.CompletedTask : new ValueTask(room.WaitAsync(cancellationToken));
    }

    /// <summary>Ends when everything added so far is sent.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                throw Gone();
            }

            if (!_pumping)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Refuses all further writes.</summary>
    public void Fail(XmppException fault)
    {
        TaskCompletionSource? room;
        TaskCompletionSource? idle;
        lock (_gate)
        {
            _fault ??= fault;
            (room, idle) = (_room, _idle);
            (_room, _idle) = (null, null);
            if (!_pumping)
            {
                _filling.Return();
                _sending.Return();
            }
        }

        // Whoever waits observes it; nobody may be waiting.
        room?.TrySetException(fault);
        idle?.TrySetException(fault);
        _ = room?.Task.Exception;
        _ = idle?.Task.Exception;
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    void IBufferWriter<byte>.Advance(int count) => _filling.Advance(count);

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => _filling.GetMemory(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => _filling.GetSpan(sizeHint);

    private async Task PumpAsync()
    {
        while (TakeBatch())
        {
            try
            {
                await SendAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever another network stack throws: a pump that ends without a word would hold up its senders for ever.
                Fail(new XmppConnectionException($"The connection was lost while sending: {e.Message}", e));
            }
        }
    }

    private ValueTask SendAsync() => _sendingEnds is { } ends ? SendEachAsync(ends) : _send(_sending.Written);

    private async ValueTask SendEachAsync(List<int> ends)
    {
        var start = 0;
        for (var i = 0; i < ends.Count; i++)
        {
            if (i + 1 < ends.Count && ends[i + 1] - start <= _together)
            {
                continue;
            }

            await _send(_sending.Written[start..ends[i]]).ConfigureAwait(false);
            start = ends[i];
        }
    }

    private bool TakeBatch()
    {
        TaskCompletionSource? room = null;
        TaskCompletionSource? idle = null;
        bool more;
        lock (_gate)
        {
            _sending.Clear();
            _sendingEnds?.Clear();
            more = _filling.Length > 0 && _fault is null;
            if (more)
            {
                (_filling, _sending) = (_sending, _filling);
                (_fillingEnds, _sendingEnds) = (_sendingEnds, _fillingEnds);
                (room, _room) = (_room, null);
            }
            else
            {
                _pumping = false;
                (idle, _idle) = (_idle, null);

                // Most connections are idle most of the time.
                _writer = null;
                _filling.Return();
                _sending.Return();
            }
        }

        room?.TrySetResult();
        idle?.TrySetResult();
        return more;
    }

    private XmppConnectionException Gone() => new(_fault!.Message, _fault);
}
