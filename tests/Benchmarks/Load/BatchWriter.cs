using System.Buffers;

namespace Benchmarks.Load;

/// <summary>Writes to a stream all that was added while the last write was under way, without making its caller wait: who
/// reads must go on reading, or two full directions would stop each other.</summary>
internal sealed class BatchWriter(Stream stream)
{
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _leaving = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    public void Add(Action<IBufferWriter<byte>> write)
    {
        lock (_gate)
        {
            write(_filling);
        }
    }

    /// <summary>Sees to it that what was added leaves. The task ends when all has left, or could not.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = WriteAsync();
            }

            return _writing;
        }
    }

    private async Task WriteAsync()
    {
        while (Swap())
        {
            await stream.WriteAsync(_leaving.WrittenMemory);
            _leaving.ResetWrittenCount();
        }
    }

    private bool Swap()
    {
        lock (_gate)
        {
            (_filling, _leaving) = (_leaving, _filling);
            return _isWriting = _leaving.WrittenCount > 0;
        }
    }
}
