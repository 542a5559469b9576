using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Parses whole pieces of a stream into elements, in one pass and without recursion. Keeps its scratch arrays and
/// the namespaces of the stream's opening tag from one piece to the next.</summary>
internal sealed class XmlElementParser(XmlLimits limits)
{
    private readonly XmlNameTable _names = new();
    private readonly XmlNamespaces _namespaces = new();
    private readonly StringBuilder _runs = new();
    private readonly Attribute[] _attributes = new Attribute[limits.Attributes];
    private Open[] _open = new Open[8];
    private object[] _content = new object[16];
    private string? _text;
    private byte[] _streamName = [];
    private int _depth;
    private int _contents;
    private int _elements;

    /// <summary>One element that stands alone.</summary>
    public static XmppElement Parse(ReadOnlySpan<byte> utf8, XmlLimits limits)
    {
        if (utf8.Length > limits.StanzaBytes)
        {
            throw XmlViolation.TooMuch("The element's size in bytes", limits.StanzaBytes);
        }

        return new XmlElementParser(limits).ParseElement(utf8);
    }

    /// <summary>The stream's opening tag. Its namespaces stay in scope.</summary>
    public XmppElement ParseStreamStart(ReadOnlySpan<byte> utf8)
    {
        var position = 0;
        var (open, closed) = ParseOpenTag(utf8, ref position);
        if (closed || position != utf8.Length)
        {
            throw XmlViolation.NotWellFormed("the stream does not begin with an opening tag");
        }

        _streamName = utf8.Slice(open.NameStart, open.NameLength).ToArray();
        return new XmppElement(open.Name, open.Attributes, null);
    }

    /// <summary>The stream's closing tag.</summary>
    public void ParseStreamEnd(ReadOnlySpan<byte> utf8)
    {
        var name = EndTagName(utf8, 0, out var end);
        if (end != utf8.Length || !name.SequenceEqual(_streamName))
        {
            throw XmlViolation.NotWellFormed("the stream is closed by another tag than it was opened with");
        }
    }

    /// <summary>One whole element, and nothing around it but whitespace.</summary>
    public XmppElement ParseElement(ReadOnlySpan<byte> utf8)
    {
        (_depth, _contents, _elements, _text) = (0, 0, 0, null);
        _runs.Clear();
        XmppElement? root = null;
        var position = 0;
        while (position < utf8.Length)
        {
            if (utf8[position] != (byte)'<')
            {
                position += ParseText(utf8[position..]);
                continue;
            }

            var next = position + 1 < utf8.Length ? utf8[position + 1] : (byte)0;
            if (next == (byte)'/')
            {
                root = ParseEndTag(utf8, ref position) ?? root;
            }
            else if (next is (byte)'!' or (byte)'?')
            {
                position += ParseSection(utf8[position..]);
            }
            else if (root is not null)
            {
                throw XmlViolation.NotWellFormed("there is a second element");
            }
            else
            {
                root = ParseStart(utf8, ref position);
            }
        }

        return root ?? throw XmlViolation.NotWellFormed("an element does not end");
    }

    // Returns the root when this was all of it.
    private XmppElement? ParseStart(ReadOnlySpan<byte> utf8, ref int position)
    {
        FlushText();
        if (++_elements > limits.Elements)
        {
            throw XmlViolation.TooMuch("The number of elements", limits.Elements);
        }

        if (_depth == limits.Depth)
        {
            throw XmlViolation.TooMuch("The depth of the elements", limits.Depth);
        }

        var declared = _namespaces.Count;
        var (open, closed) = ParseOpenTag(utf8, ref position);
        if (closed)
        {
            _namespaces.Leave(declared);
            return Add(new XmppElement(open.Name, open.Attributes, null));
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }

        _open[_depth++] = open with { ContentStart = _contents, Declared = declared };
        return null;
    }

    private XmppElement? ParseEndTag(ReadOnlySpan<byte> utf8, ref int position)
    {
        FlushText();
        var name = EndTagName(utf8, position, out position);
        if (_depth == 0)
        {
            throw XmlViolation.NotWellFormed("an end tag without a start tag");
        }

        var open = _open[--_depth];
        if (!name.SequenceEqual(utf8.Slice(open.NameStart, open.NameLength)))
        {
            throw XmlViolation.NotWellFormed("an end tag has another name than its start tag");
        }

        _namespaces.Leave(open.Declared);
        return Add(new XmppElement(open.Name, open.Attributes, TakeContent(open.ContentStart)));
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

    private int ParseText(ReadOnlySpan<byte> utf8)
    {
        var length = utf8.IndexOf((byte)'<');
        length = length < 0 ? utf8.Length : length;
        if (_depth == 0)
        {
            if (utf8[..length].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
            {
                throw XmlViolation.OutsideElements();
            }
        }
        else
        {
            AddText(XmlTextDecoder.Text(utf8[..length]));
        }

        return length;
    }

    private int ParseSection(ReadOnlySpan<byte> utf8)
    {
        var opening = "<![CDATA["u8;
        if (!utf8.StartsWith(opening))
        {
            throw XmlViolation.Restricted("comments, processing instructions and document types");
        }

        var length = utf8[opening.Length..].IndexOf("]]>"u8);
        if (_depth == 0 || length < 0)
        {
            throw XmlViolation.NotWellFormed("a CDATA section is outside of elements or does not end");
        }

        AddText(XmlTextDecoder.CharacterData(utf8.Slice(opening.Length, length)));
        return opening.Length + length + 3;
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

    private void FlushText()
    {
        if (_text is null)
        {
            return;
        }

        var text = _runs.Length > 0 ? _runs.ToString() : _text;
        if (text.Length > 0)
        {
            AddContent(text);
        }

        _text = null;
        _runs.Clear();
    }

    private static ReadOnlySpan<byte> EndTagName(ReadOnlySpan<byte> utf8, int start, out int end)
    {
        var rest = utf8[start..];
        var length = rest.StartsWith("</"u8) ? XmlCharacters.NameLength(rest[2..]) : 0;
        var close = 2 + length;
        while (close < rest.Length && XmlCharacters.IsSpace(rest[close]))
        {
            close++;
        }

        if (length == 0 || close == rest.Length || rest[close] != (byte)'>')
        {
            throw XmlViolation.NotWellFormed("an end tag is malformed");
        }

        end = start + close + 1;
        return rest.Slice(2, length);
    }

    private (Open Open, bool Closed) ParseOpenTag(ReadOnlySpan<byte> utf8, ref int position)
    {
        var nameStart = ++position;
        var nameLength = XmlCharacters.NameLength(utf8[position..]);
        var (prefixLength, localStart) = SplitName(utf8.Slice(nameStart, nameLength));
        position += nameLength;
        var count = 0;
        while (true)
        {
            var spaced = SkipSpace(utf8, ref position);
            if (position >= utf8.Length)
            {
                throw XmlViolation.NotWellFormed("a tag does not end");
            }

            if (utf8[position] == (byte)'>' || utf8[position..].StartsWith("/>"u8))
            {
                break;
            }

            if (!spaced)
            {
                throw XmlViolation.NotWellFormed("attributes are not set apart by spaces");
            }

            if (count == limits.Attributes)
            {
                throw XmlViolation.TooMuch("The number of an element's attributes", limits.Attributes);
            }

            _attributes[count++] = ParseAttribute(utf8, ref position);
        }

        var closed = utf8[position] == (byte)'/';
        position += closed ? 2 : 1;
        var qualified = utf8.Slice(nameStart, nameLength);
        var attributes = ResolveAttributes(utf8, count);
        if (qualified[..prefixLength].SequenceEqual("xmlns"u8))
        {
            throw XmlViolation.BadPrefix("an element has the prefix xmlns");
        }

        var name = _names.Name(_namespaces.Resolve(qualified[..prefixLength]), qualified[localStart..]);
        return (new Open(name, attributes, nameStart, nameLength, 0, 0), closed);
    }

    private Attribute ParseAttribute(ReadOnlySpan<byte> utf8, ref int position)
    {
        var start = position;
        var length = XmlCharacters.NameLength(utf8[position..]);
        var (prefixLength, localStart) = SplitName(utf8.Slice(start, length));
        position += length;
        SkipSpace(utf8, ref position);
        Expect(utf8, ref position, (byte)'=');
        SkipSpace(utf8, ref position);
        var quote = position < utf8.Length ? utf8[position] : (byte)0;
        if (quote is not ((byte)'"' or (byte)'\''))
        {
            throw XmlViolation.NotWellFormed("an attribute's value is not in quotes");
        }

        var rest = utf8[++position..];
        var end = rest.IndexOf(quote);
        if (end < 0)
        {
            throw XmlViolation.NotWellFormed("an attribute's value does not end");
        }

        position += end + 1;
        var raw = rest[..end];
        var value = raw.IndexOfAnyExcept(XmlCharacters.PlainAttribute) < 0
            ? _names.Value(raw)
            : XmlTextDecoder.Attribute(raw);
        return new Attribute(start, prefixLength, localStart, length, value);
    }

    private XmlAttribute[] ResolveAttributes(ReadOnlySpan<byte> utf8, int count)
    {
        var declarations = 0;
        for (var i = 0; i < count; i++)
        {
            ref var attribute = ref _attributes[i];
            if (!IsDeclaration(utf8, attribute, out var prefix))
            {
                continue;
            }

            for (var j = 0; j < i; j++)
            {
                if (IsDeclaration(utf8, _attributes[j], out var earlier) && earlier.SequenceEqual(prefix))
                {
                    throw XmlViolation.NotWellFormed("a namespace is declared twice in one tag");
                }
            }

            _namespaces.Declare(prefix, string.IsInterned(attribute.Value) ?? attribute.Value);
            declarations++;
        }

        if (count == declarations)
        {
            return [];
        }

        var resolved = new XmlAttribute[count - declarations];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            ref var attribute = ref _attributes[i];
            if (IsDeclaration(utf8, attribute, out _))
            {
                continue;
            }

            var qualified = utf8.Slice(attribute.Start, attribute.Length);

            // Namespaces in XML §6.2: the default namespace is not that of attributes.
            var namespaceName = attribute.PrefixLength == 0 ? "" : _namespaces.Resolve(qualified[..attribute.PrefixLength]);
            var name = _names.Name(namespaceName, qualified[attribute.LocalStart..]);
            for (var j = 0; j < next; j++)
            {
                if (resolved[j].Name == name)
                {
                    throw XmlViolation.NotWellFormed("an attribute is given twice");
                }
            }

            resolved[next++] = new XmlAttribute(name, attribute.Value);
        }

        return resolved;
    }

    private static bool IsDeclaration(ReadOnlySpan<byte> utf8, in Attribute attribute, out ReadOnlySpan<byte> prefix)
    {
        var qualified = utf8.Slice(attribute.Start, attribute.Length);
        prefix = attribute.PrefixLength == 0 ? default : qualified[attribute.LocalStart..];
        return attribute.PrefixLength == 0
            ? qualified.SequenceEqual("xmlns"u8)
            : qualified[..attribute.PrefixLength].SequenceEqual("xmlns"u8);
    }

    private static (int PrefixLength, int LocalStart) SplitName(ReadOnlySpan<byte> qualified)
    {
        var colon = qualified.IndexOf((byte)':');
        var prefixLength = Math.Max(colon, 0);
        var localStart = colon + 1;
        if (localStart == qualified.Length || colon == 0
            || !XmlCharacters.StartsName(qualified)
            || !XmlCharacters.StartsName(qualified[localStart..])
            || qualified[localStart..].Contains((byte)':'))
        {
            throw XmlViolation.NotWellFormed("a name is malformed");
        }

        return (prefixLength, localStart);
    }

    private static bool SkipSpace(ReadOnlySpan<byte> utf8, ref int position)
    {
        var start = position;
        while (position < utf8.Length && XmlCharacters.IsSpace(utf8[position]))
        {
            position++;
        }

        return position > start;
    }

    private static void Expect(ReadOnlySpan<byte> utf8, ref int position, byte expected)
    {
        if (position >= utf8.Length || utf8[position++] != expected)
        {
            throw XmlViolation.NotWellFormed("an attribute has no value");
        }
    }

    private readonly record struct Attribute(int Start, int PrefixLength, int LocalStart, int Length, string Value);

    private readonly record struct Open(
        XmlName Name, XmlAttribute[] Attributes, int NameStart, int NameLength, int ContentStart, int Declared);
}
