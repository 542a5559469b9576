using System.Buffers;

namespace XmppChatClient.Transports.Tcp;

/// <summary>A growing byte buffer that can be cut back, so that half an element never stays in it. Its array returns to the
/// pool whenever it is emptied while large.</summary>
/// <param name="smallest">How long an array it takes when it needs one.</param>
internal sealed class PooledBuffer(int smallest = 4096) : IBufferWriter<byte>
{
    private const int LargestKept = 65_536;
    private byte[] _bytes = [];
    private int _used;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
        _used = Math.Max(_used, Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Truncate(int length)
    {
        Length = length;

        // A writer that failed may have written on without saying how far.
        _used = _bytes.Length;
    }

    /// <summary>Takes away what is first in it; nothing is moved when that is nothing, or all.</summary>
    public void RemoveFirst(int count)
    {
        if (count > 0)
        {
            _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
            Length -= count;
        }
    }

    /// <summary>Empties it, and keeps its array unless that is large.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > LargestKept)
        {
            Return();
        }
    }

    /// <summary>Gives the array back; the buffer may be used again.</summary>
    public void Return()
    {
        if (_bytes.Length > 0)
        {
            GiveBack();
            _bytes = [];
        }

        Length = 0;
        _used = 0;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(smallest, Math.Max(needed, _bytes.Length * 2)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            GiveBack();
        }

        _bytes = larger;
        _used = Length;
    }

    // Messages and credentials are nobody's business who takes the array next.
    private void GiveBack()
    {
        _bytes.AsSpan(0, _used).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
    }
}
