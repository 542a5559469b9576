using System.Buffers;

namespace XmppChatClient.Fuzz;

/// <summary>Bytes in pieces, as a pipe holds them.</summary>
internal static class Segments
{
    /// <summary>One sequence of a segment for each piece, empty ones included.</summary>
    public static ReadOnlySequence<byte> Of(params IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var piece in pieces)
        {
            last = last is null ? first = new Segment(piece) : last.Then(piece);
        }

        return first is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    /// <summary>Cuts bytes at each of these places; a place given twice makes an empty piece.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, IEnumerable<int> places)
    {
        var start = 0;
        foreach (var place in places.Order())
        {
            yield return bytes[start..place];
            start = place;
        }

        yield return bytes[start..];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
