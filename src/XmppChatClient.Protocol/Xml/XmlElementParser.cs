using System.Runtime.CompilerServices;
using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Parses whole pieces of a stream into elements, in one pass and without recursion. Keeps its scratch arrays and
/// the namespaces of the stream's opening tag from one piece to the next.</summary>
internal sealed class XmlElementParser
{
    private readonly XmlNamespaces _namespaces;
    private readonly XmlTagParser _tag;
    private readonly StringBuilder _runs = new();
    private Open[] _open = new Open[8];
    private object[] _content = new object[16];
    private StreamScope _known = StreamScope.Outside;
    private string? _text;
    private int _depth;
    private int _contents;
    private int _elements;

    public XmlElementParser(XmlLimits limits)
    {
        Limits = limits;
        _namespaces = new XmlNamespaces(limits.Prefixes);
        _tag = new XmlTagParser(limits, new XmlNameTable(), _namespaces);
    }

    public XmlLimits Limits { get; }

    /// <summary>The stream that what is parsed is part of.</summary>
    public StreamScope Stream { get; private set; } = StreamScope.Outside;

    /// <summary>One element that stands alone, with nothing around it but whitespace.</summary>
    public static XmppElement Parse(ReadOnlySpan<byte> utf8, XmlLimits limits)
    {
        if (utf8.Length > limits.StanzaBytes)
        {
            throw XmlViolation.TooMuch("The element's size in bytes", limits.StanzaBytes);
        }

        return new XmlElementParser(limits).ParseDocument(utf8);
    }

    /// <summary>One element with nothing around it but whitespace.</summary>
    public XmppElement ParseDocument(ReadOnlySpan<byte> utf8)
    {
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0 || utf8[start] != (byte)'<')
        {
            throw start < 0 ? XmlViolation.NotWellFormed("there is no element") : XmlViolation.OutsideElements();
        }

        var element = TryParseElement(utf8[start..], out var length)
            ?? throw XmlViolation.NotWellFormed("an element does not end");
        CheckEnd(utf8[(start + length)..]);
        return element;
    }

    private static void CheckEnd(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty)
        {
            return;
        }

        throw rest[0] != (byte)'<' ? XmlViolation.OutsideElements()
            : rest is [_, (byte)'!' or (byte)'?', ..] ? XmlViolation.Restricted("comments, processing instructions and document types")
            : XmlViolation.NotWellFormed("there is a second element");
    }

    /// <summary>Goes on in another stream.</summary>
    public void Enter(StreamScope stream)
    {
        if (ReferenceEquals(stream, Stream))
        {
            return;
        }

        _namespaces.Leave(0);
        foreach (var binding in stream.Bindings)
        {
            _namespaces.Declare(binding.Prefix, binding.Namespace);
        }

        Stream = stream;
    }

    /// <summary>The stream's opening tag. Its namespaces stay in scope.</summary>
    public XmppElement ParseStreamStart(ReadOnlySpan<byte> utf8)
    {
        if (_tag.Parse(utf8, 0, out var shape, out var attributes) != utf8.Length || shape.ClosesItself)
        {
            throw XmlViolation.NotWellFormed("the stream does not begin with an opening tag");
        }

        // One server's streams all begin alike, and then share this.
        if (!_known.Says(shape.EndTag, _namespaces.InScope))
        {
            _known = new StreamScope(shape.EndTag, _namespaces.InScope.ToArray());
        }

        Stream = _known;
        return new XmppElement(shape.Name, attributes, null);
    }

    /// <summary>The stream's closing tag.</summary>
    public void ParseStreamEnd(ReadOnlySpan<byte> utf8)
    {
        if (EndTag(utf8, 0, Stream.EndTag) != utf8.Length)
        {
            throw XmlViolation.NotWellFormed("the stream is closed by another tag than it was opened with");
        }
    }

    /// <summary>One element, which is all of the bytes.</summary>
    public XmppElement ParseElement(ReadOnlySpan<byte> utf8) =>
        TryParseElement(utf8, out var length) is { } element && length == utf8.Length
            ? element
            : throw XmlViolation.NotWellFormed("an element does not end");

    /// <summary>The element whose opening tag the bytes begin with; <see langword="null"/> when they end before it does.
    /// It is then begun anew with more of them: nothing is kept.</summary>
    /// <exception cref="XmppProtocolException">No further bytes would make it right.</exception>
    // Not inlined where it is called: in a try block the compiler keeps less in registers. Nor are the rarer cases below,
    // whose code would crowd out what every stanza needs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public XmppElement? TryParseElement(ReadOnlySpan<byte> utf8, out int length)
    {
        Reset();
        var position = 0;
        while (position + 1 < utf8.Length)
        {
            XmppElement? root = null;
            if (utf8[position] != (byte)'<')
            {
                position = ParseText(utf8, position);
            }
            else
            {
                position = utf8[position + 1] switch
                {
                    (byte)'/' => ParseEndTag(utf8, position, out root),
                    (byte)'!' or (byte)'?' => ParseSection(utf8, position),
                    _ => ParseStart(utf8, position, out root),
                };
            }

            if (position < 0)
            {
                break;
            }

            if (root is not null)
            {
                length = position;
                return root;
            }
        }

        length = 0;
        return null;
    }

    private void Reset()
    {
        (_depth, _elements) = (0, 0);
        _namespaces.Leave(Stream.Bindings.Length);
        if (_contents > 0 || _text is not null)
        {
            // Left by an element that did not end.
            _text = null;
            _runs.Clear();
            _content.AsSpan(0, _contents).Clear();
            _contents = 0;
        }
    }

    // Each of these returns where it ended, or Incomplete; and the root when that was all of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ParseStart(ReadOnlySpan<byte> utf8, int start, out XmppElement? root)
    {
        root = null;
        if (_text is not null)
        {
            FlushText();
        }

        if (++_elements > Limits.Elements)
        {
            throw XmlViolation.TooMuch("The number of elements", Limits.Elements);
        }

        if (_depth == Limits.Depth)
        {
            throw XmlViolation.TooMuch("The depth of the elements", Limits.Depth);
        }

        var declared = _namespaces.Count;
        var end = _tag.Parse(utf8, start, out var shape, out var attributes);
        if (end == XmlTagParser.Incomplete)
        {
            return end;
        }

        if (shape.ClosesItself)
        {
            _namespaces.Leave(declared);
            root = Add(shape.Whole ?? new XmppElement(shape.Name, attributes, null));
            return end;
        }

        // Most elements hold nothing but plain text, or begin with another element.
        var rest = utf8[end..];
        var nested = rest.Length > 1 && rest[0] == (byte)'<' && rest[1] != (byte)'/';
        var length = nested ? -1 : rest.IndexOfAnyExcept(XmlCharacters.PlainText);
        if (length >= 0 && rest[length..].StartsWith(shape.EndTag))
        {
            _namespaces.Leave(declared);
            object? text = length == 0 ? null : Encoding.ASCII.GetString(rest[..length]);
            root = Add(new XmppElement(shape.Name, attributes, text));
            return end + length + shape.EndTag.Length;
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }

        _open[_depth++] = new Open(shape, attributes, _contents, declared);
        return end;
    }

    private int ParseEndTag(ReadOnlySpan<byte> utf8, int start, out XmppElement? root)
    {
        root = null;
        if (_depth == 0)
        {
            throw XmlViolation.NotWellFormed("an end tag without a start tag");
        }

        if (_text is not null)
        {
            FlushText();
        }

        ref var open = ref _open[_depth - 1];
        var end = EndTag(utf8, start, open.Shape.EndTag);
        if (end == XmlTagParser.Incomplete)
        {
            return end;
        }

        _depth--;
        _namespaces.Leave(open.Declared);
        root = Add(new XmppElement(open.Shape.Name, open.Attributes, TakeContent(open.ContentStart)));
        return end;
    }

    private static int EndTag(ReadOnlySpan<byte> utf8, int start, ReadOnlySpan<byte> expected)
    {
        var rest = utf8[start..];
        if (rest.StartsWith(expected))
        {
            return start + expected.Length;
        }

        var close = rest.IndexOf((byte)'>');
        if (close < 0)
        {
            return XmlTagParser.Incomplete;
        }

        var inside = rest[..close];
        var name = expected[..^1];
        return inside.StartsWith(name) && inside[name.Length..].IndexOfAnyExcept(" \t\r\n"u8) < 0
            ? start + close + 1
            : throw XmlViolation.NotWellFormed("an end tag has another name than its start tag, or is malformed");
    }

    private XmppElement? Add(XmppElement element)
    {
        if (_depth == 0)
        {
            return element;
        }

        AddContent(element);
        return null;
    }

    private void AddContent(object node)
    {
        if (_contents == _content.Length)
        {
            Array.Resize(ref _content, _contents * 2);
        }

        _content[_contents++] = node;
    }

    private object? TakeContent(int start)
    {
        var nodes = _content.AsSpan(start, _contents - start);
        object? content = nodes.Length switch
        {
            0 => null,
            1 => nodes[0],
            _ => nodes.ToArray(),
        };
        nodes.Clear();
        _contents = start;
        return content;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ParseText(ReadOnlySpan<byte> utf8, int start)
    {
        var rest = utf8[start..];
        var length = rest.IndexOfAnyExcept(XmlCharacters.PlainText);
        if (length >= 0 && rest[length] == (byte)'<')
        {
            AddText(Encoding.ASCII.GetString(rest[..length]));
            return start + length;
        }

        var more = length < 0 ? -1 : rest[length..].IndexOf((byte)'<');
        if (more < 0)
        {
            return XmlTagParser.Incomplete;
        }

        AddText(XmlTextDecoder.Text(rest[..(length + more)]));
        return start + length + more;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ParseSection(ReadOnlySpan<byte> utf8, int start)
    {
        var opening = "<![CDATA["u8;
        var rest = utf8[start..];
        if (!rest.StartsWith(opening))
        {
            return rest.Length < opening.Length && opening.StartsWith(rest)
                ? XmlTagParser.Incomplete
                : throw XmlViolation.Restricted("comments, processing instructions and document types");
        }

        if (_depth == 0)
        {
            throw XmlViolation.OutsideElements();
        }

        var length = rest[opening.Length..].IndexOf("]]>"u8);
        if (length < 0)
        {
            return XmlTagParser.Incomplete;
        }

        AddText(XmlTextDecoder.CharacterData(rest.Slice(opening.Length, length)));
        return start + opening.Length + length + 3;
    }

    // Text and CDATA sections side by side are one text.
    private void AddText(string text)
    {
        if (_text is null)
        {
            _text = text;
            return;
        }

        if (_runs.Length == 0)
        {
            _runs.Append(_text);
        }

        _runs.Append(text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FlushText()
    {
        var text = _runs.Length > 0 ? _runs.ToString() : _text!;
        if (text.Length > 0)
        {
            AddContent(text);
        }

        _text = null;
        _runs.Clear();
    }

    private readonly record struct Open(TagShape Shape, XmlAttribute[] Attributes, int ContentStart, int Declared);
}
