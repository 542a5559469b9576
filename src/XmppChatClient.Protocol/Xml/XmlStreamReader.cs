using System.Buffers;
using XmppChatClient.Streams;

namespace XmppChatClient.Xml;

/// <summary>Reads an XMPP stream (RFC 6120 §4 and §11) from bytes that may be split anywhere. Time is linear in the number
/// of bytes, however they are split and nested.</summary>
/// <remarks>A stanza that lies in one piece is parsed where it lies. If it is not all there yet, and short so far, that is
/// tried once more with what comes next; else its end is looked for in what comes, and it is parsed when it is whole: each
/// byte is seen at most four times, however the bytes are split.</remarks>
public sealed class XmlStreamReader
{
    // What is cut off at the end of a read is mostly short, and whole after the next one.
    private const int ShortBeginning = 1024;

    private readonly XmlLimits _limits;
    private readonly bool _passOverExcess;
    private readonly int _longestBeginning;
    private readonly XmlFrameScanner _scanner;
    private StreamScope _scope = StreamScope.Outside;
    private XmlElementParser? _parser;
    private long _scanned;
    private bool _beganShort;
    private bool _started;
    private bool _spaceFirst;
    private bool _ended;

    /// <param name="limits">Default <see cref="XmlLimits.Default"/>.</param>
    /// <param name="passOverExcess">Whether a child of the stream that breaks one of the limits but that of its size is passed
    /// over, as <see cref="XmlStreamItem.Refused"/>, and the stream goes on: for streams that carry what strangers wrote.
    /// </param>
    public XmlStreamReader(XmlLimits? limits = null, bool passOverExcess = false)
    {
        _limits = limits ?? XmlLimits.Default;
        _passOverExcess = passOverExcess;
        _longestBeginning = Math.Min(ShortBeginning, _limits.StanzaBytes);
        _scanner = new XmlFrameScanner(passOverExcess ? int.MaxValue : _limits.Depth);
    }

    /// <summary>The namespace of what stands for a child that was passed over.</summary>
    public static string RefusedNamespace => "urn:x-xmppchatclient:refused";

    /// <summary>What was read last: the opening tag as an empty element, or a whole child of the stream;
    /// <see langword="null"/> when that was no element.</summary>
    public XmppElement? Element { get; private set; }

    private XmlElementParser Parser => _parser ?? RentParser();

    /// <summary>Reads the next item and cuts what it took off the front of <paramref name="buffer"/>. On
    /// <see cref="XmlStreamItem.NeedMoreData"/> the bytes that remain must be given again, at the front of the next call's
    /// buffer and followed by new ones.</summary>
    /// <exception cref="XmppProtocolException">The peer broke a rule or a limit; the reader cannot go on.</exception>
    /// <exception cref="InvalidOperationException">The stream has ended already, or was broken.</exception>
    public XmlStreamItem TryRead(ref ReadOnlySequence<byte> buffer)
    {
        if (_ended)
        {
            throw new InvalidOperationException("The stream has ended; another one needs another reader.");
        }

        try
        {
            var item = Read(ref buffer);
            if (item is XmlStreamItem.NeedMoreData or XmlStreamItem.StreamEnd)
            {
                Rest();
            }

            return item;
        }
        catch
        {
            _ended = true;
            _parser = null;
            throw;
        }
    }

    private XmlElementParser RentParser()
    {
        _parser = ParserPool.Shared.Rent(_limits);
        _parser.Enter(_scope);
        return _parser;
    }

    // It may be long until more comes.
    private void Rest()
    {
        Element = null;
        if (_parser is { } parser)
        {
            _parser = null;
            ParserPool.Shared.Return(parser);
        }
    }

    private XmlStreamItem Read(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            if (_scanned == 0)
            {
                if (TryParseWhole(ref buffer, out var begun))
                {
                    return XmlStreamItem.Element;
                }

                if (begun > 0 && begun < _longestBeginning && !_beganShort && buffer.IsSingleSegment)
                {
                    _beganShort = true;
                    return XmlStreamItem.NeedMoreData;
                }

                if (!SkipWhitespace(ref buffer))
                {
                    return XmlStreamItem.NeedMoreData;
                }
            }

            var length = Scan(buffer);
            if (length < 0)
            {
                return XmlStreamItem.NeedMoreData;
            }

            var frame = buffer.Slice(0, length);
            buffer = buffer.Slice(length);
            _scanned = 0;
            _beganShort = false;
            switch (_scanner.Frame)
            {
                case XmlFrame.Declaration:
                    Parse(frame);
                    continue;
                case XmlFrame.StreamStart:
                    Element = Parse(frame);
                    return XmlStreamItem.StreamStart;
                case XmlFrame.Element:
                    return ParseChild(frame);
                default:
                    Parse(frame);
                    _ended = true;
                    return XmlStreamItem.StreamEnd;
            }
        }
    }

    // Says how long what there is of an element is, if it has only begun.
    private bool TryParseWhole(ref ReadOnlySequence<byte> buffer, out int begun)
    {
        begun = 0;
        var bytes = buffer.FirstSpan;
        if (_scanner.Depth != 1 || bytes.Length < 2 || bytes[0] != (byte)'<'
            || bytes[1] is (byte)'/' or (byte)'!' or (byte)'?')
        {
            return false;
        }

        XmppElement? element;
        int length;
        try
        {
            element = Parser.TryParseElement(bytes[..Math.Min(bytes.Length, _limits.StanzaBytes)], out length);
        }
        catch (XmppProtocolException)
        {
            // It is judged when it is whole, so that the verdict is the same however the bytes were split.
            return false;
        }

        if (element is null)
        {
            begun = bytes.Length;
            return false;
        }

        _beganShort = false;
        buffer = buffer.Slice(length);
        Element = element;
        return true;
    }

    /// <summary>Passes by what keeps a connection alive (RFC 6120 §4.6.1).</summary>
    /// <returns>Whether anything else is there.</returns>
    private bool SkipWhitespace(ref ReadOnlySequence<byte> buffer)
    {
        // By segments, not by the first one over and over: a segment may be empty, and slicing does not leave it.
        var skipped = 0L;
        foreach (var memory in buffer)
        {
            var at = memory.Span.IndexOfAnyExcept(" \t\r\n"u8);
            if (at < 0)
            {
                skipped += memory.Length;
                continue;
            }

            skipped += at;
            _spaceFirst |= skipped > 0 && !_started;
            buffer = buffer.Slice(skipped);
            if (memory.Span[at] != (byte)'<')
            {
                throw _scanner.Depth == 0
                    ? XmlViolation.NotWellFormed("it does not begin with a tag")
                    : XmlViolation.OutsideElements();
            }

            return true;
        }

        _spaceFirst |= skipped > 0 && !_started;
        buffer = buffer.Slice(buffer.End);
        return false;
    }

    private long Scan(ReadOnlySequence<byte> buffer)
    {
        foreach (var memory in buffer.Slice(_scanned))
        {
            var length = _scanner.Scan(memory.Span);
            _scanned += length < 0 ? memory.Length : length;
            if (_scanned > _limits.StanzaBytes)
            {
                throw XmlViolation.TooMuch("A stanza's size in bytes", _limits.StanzaBytes);
            }

            if (length >= 0)
            {
                return _scanned;
            }
        }

        return -1;
    }

    private XmlStreamItem ParseChild(ReadOnlySequence<byte> frame)
    {
        try
        {
            Element = Parse(frame);
            return XmlStreamItem.Element;
        }
        catch (XmppProtocolException e) when (_passOverExcess && e.Condition == StreamErrorCondition.PolicyViolation)
        {
            // The parser is in the middle of it.
            _parser = null;
            Element = new XmppElement(new XmlName(RefusedNamespace, KindOf(frame)), e.Message);
            return XmlStreamItem.Refused;
        }
    }

    private static string KindOf(ReadOnlySequence<byte> frame)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(frame.Length, 64)];
        frame.Slice(0, start.Length).CopyTo(start);
        return XmlDocumentReader.KindOf(start);
    }

    private XmppElement? Parse(ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment)
        {
            return Parse(frame.FirstSpan);
        }

        var length = (int)frame.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            frame.CopyTo(copy);
            return Parse(copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy, clearArray: true);
        }
    }

    private XmppElement? Parse(ReadOnlySpan<byte> frame)
    {
        var first = !_started;
        _started = true;
        switch (_scanner.Frame)
        {
            case XmlFrame.Declaration when first && !_spaceFirst:
                XmlDeclaration.Check(frame);
                return null;
            case XmlFrame.Declaration:
                throw XmlViolation.Restricted("processing instructions");
            case XmlFrame.StreamStart:
                var start = Parser.ParseStreamStart(frame);
                _scope = Parser.Stream;
                return start;
            case XmlFrame.StreamEnd:
                Parser.ParseStreamEnd(frame);
                return null;
            default:
                return Parser.ParseElement(frame);
        }
    }
}
