using System.Buffers;
using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>What our readers make of bytes. Anything thrown but <see cref="XmppProtocolException"/> passes through: it is
/// a bug.</summary>
internal static class OurReading
{
    /// <summary>One element that stands alone.</summary>
    public static XmlReading OfElement(ReadOnlySpan<byte> bytes, XmlLimits? limits = null)
    {
        try
        {
            return new XmlReading([CanonicalTree.Of(XmppElement.Parse(bytes, limits))], XmlReadingEnd.Closed, Taken: bytes.Length);
        }
        catch (XmppProtocolException refusal)
        {
            return new XmlReading([], XmlReadingEnd.Refused, refusal.Condition);
        }
    }

    /// <summary>A stream, given whole but in segments.</summary>
    public static XmlReading OfStream(ReadOnlySequence<byte> bytes, XmlLimits? limits = null)
    {
        var feed = new Feed(limits);
        return feed.Take(bytes, out _) ?? feed.Unfinished();
    }

    /// <summary>A stream that comes in pieces, each given behind what the reader has not yet taken. What is left stays in
    /// the segments it came in, as in a pipe.</summary>
    public static XmlReading OfPieces(IEnumerable<ReadOnlyMemory<byte>> pieces, XmlLimits? limits = null)
    {
        var feed = new Feed(limits);
        var left = ReadOnlySequence<byte>.Empty;
        foreach (var piece in pieces)
        {
            var held = new List<ReadOnlyMemory<byte>>();
            foreach (var memory in left)
            {
                held.Add(memory);
            }

            if (feed.Take(Segments.Of([.. held, piece]), out left) is { } ended)
            {
                return ended;
            }
        }

        return feed.Unfinished();
    }

    private sealed class Feed(XmlLimits? limits)
    {
        private readonly XmlStreamReader _reader = new(limits);
        private readonly ImmutableArray<string>.Builder _items = ImmutableArray.CreateBuilder<string>();
        private long _seen;
        private long _taken;

        public XmlReading Unfinished() => new(_items.ToImmutable(), XmlReadingEnd.Unfinished, Taken: _taken);

        /// <returns>How it ended; <see langword="null"/> when more is to come.</returns>
        public XmlReading? Take(ReadOnlySequence<byte> bytes, out ReadOnlySequence<byte> left)
        {
            left = bytes;
            try
            {
                while (true)
                {
                    var before = left.Length;
                    var item = _reader.TryRead(ref left);
                    _seen += before - left.Length;
                    if (item == XmlStreamItem.NeedMoreData)
                    {
                        return null;
                    }

                    _taken = _seen;
                    switch (item)
                    {
                        case XmlStreamItem.StreamEnd:
                            return new XmlReading(_items.ToImmutable(), XmlReadingEnd.Closed, Taken: _taken);
                        default:
                            _items.Add(CanonicalTree.Of(_reader.Element!));
                            break;
                    }
                }
            }
            catch (XmppProtocolException refusal)
            {
                return new XmlReading(_items.ToImmutable(), XmlReadingEnd.Refused, refusal.Condition, _taken);
            }
        }
    }
}
