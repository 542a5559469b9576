using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using XmppChatClient.Streams;

namespace XmppChatClient.Xml;

/// <summary>Writes XML elements as UTF-8; the only place that escapes. Namespaces are declared where they change.</summary>
public sealed class XmlStreamWriter
{
    // What must be escaped or refused; '>' only matters after "]]", and is always escaped.
    private static readonly SearchValues<char> SpecialInText = SearchValues.Create(
        [.. "<>&\r\uFFFE\uFFFF", .. ControlCharacters(), .. Surrogates()]);

    private static readonly SearchValues<char> SpecialInAttribute = SearchValues.Create(
        [.. "<>&'\t\r\n\uFFFE\uFFFF", .. ControlCharacters(), .. Surrogates()]);

    private readonly IBufferWriter<byte> _output;
    private readonly string _outerNamespace;
    private (string Namespace, string LocalName)[] _open = new (string, string)[4];
    private Memory<byte> _room;
    private int _written;
    private int _depth;
    private int _prefixes;
    private bool _inTag;

    /// <param name="output">Where the bytes go.</param>
    /// <param name="defaultNamespace">The default namespace already in scope, such as <c>jabber:client</c> inside a stream,
    /// which is then not declared again; empty for none.</param>
    public XmlStreamWriter(IBufferWriter<byte> output, string defaultNamespace = "")
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(defaultNamespace);
        _output = output;
        _outerNamespace = defaultNamespace;
    }

    /// <summary>Whether a stream's opening tag is written and not closed, so that the prefix <c>stream</c> is declared. Default
    /// <see langword="false"/>; true for a writer that goes on where another began the stream.</summary>
    public bool InStream { get; set; }

    /// <summary>An element as text, standing alone.</summary>
    public static string ToText(IXmlWritable element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var buffer = new ArrayBufferWriter<byte>();
        element.Write(new XmlStreamWriter(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Opens an element. Attributes come next, before any content.</summary>
    public void WriteStart(XmlName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        WriteStart(name.Namespace, name.LocalName);
    }

    /// <summary>Opens an element of that namespace and name.</summary>
    public void WriteStart(string namespaceName, string localName)
    {
        ArgumentNullException.ThrowIfNull(namespaceName);
        ArgumentException.ThrowIfNullOrEmpty(localName);
        EndTag();
        var scope = _depth == 0 ? _outerNamespace : _open[_depth - 1].Namespace;
        var changes = !ReferenceEquals(scope, namespaceName) && scope != namespaceName;
        if (changes && namespaceName == XmlNamespaces.Xml)
        {
            // Namespaces in XML §3: only its own prefix may stand for this namespace, and needs no declaration.
            (namespaceName, localName, changes) = (scope, $"xml:{localName}", false);
        }
        else if (changes && InStream && namespaceName == XmppNamespaces.Streams)
        {
            // RFC 6120 §4.8.5: the stream's own elements have the prefix that its opening tag declares.
            (namespaceName, localName, changes) = (scope, $"stream:{localName}", false);
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }

        _open[_depth++] = (namespaceName, localName);
        Raw("<"u8);
        Raw(localName);
        _inTag = true;
        _prefixes = 0;
        if (changes)
        {
            Raw(" xmlns='"u8);
            Escape(namespaceName, SpecialInAttribute, inAttribute: true);
            Raw("'"u8);
        }
    }

    /// <summary>Writes an attribute in no namespace of the element just opened; nothing when <paramref name="value"/> is
    /// <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">The value holds a character XML 1.0 cannot carry.</exception>
    public void WriteAttribute(string localName, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(localName);
        if (value is not null)
        {
            RequireTag();
            Raw(" "u8);
            Raw(localName);
            WriteValue(value);
        }
    }

    /// <summary>Writes an attribute of the element just opened; nothing when <paramref name="value"/> is
    /// <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">The value holds a character XML 1.0 cannot carry.</exception>
    public void WriteAttribute(XmlName name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Namespace.Length == 0)
        {
            WriteAttribute(name.LocalName, value);
        }
        else if (value is not null)
        {
            RequireTag();
            WritePrefixed(name, value);
        }
    }

    /// <summary>Writes text, escaped.</summary>
    /// <exception cref="ArgumentException">The text holds a character XML 1.0 cannot carry: most control characters, a lone
    /// surrogate, U+FFFE or U+FFFF.</exception>
    public void WriteText(ReadOnlySpan<char> text)
    {
        RequireOpen();
        EndTag();
        Escape(text, SpecialInText, inAttribute: false);
    }

    /// <summary>Writes bytes as base64 text.</summary>
    public void WriteBase64(ReadOnlySpan<byte> bytes)
    {
        RequireOpen();
        EndTag();
        Base64.EncodeToUtf8(bytes, Room(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        _written += written;
    }

    /// <summary>Closes the innermost open element.</summary>
    public void WriteEnd()
    {
        RequireOpen();
        var (_, localName) = _open[--_depth];
        if (_inTag)
        {
            _inTag = false;
            Raw("/>"u8);
        }
        else
        {
            Raw("</"u8);
            Raw(localName);
            Raw(">"u8);
        }

        if (_depth == 0)
        {
            HandOver();
        }
    }

    /// <summary>Writes an element that holds at most text: <c>&lt;body&gt;text&lt;/body&gt;</c>.</summary>
    public void WriteElement(XmlName name, string? text = null)
    {
        WriteStart(name);
        if (!string.IsNullOrEmpty(text))
        {
            WriteText(text);
        }

        WriteEnd();
    }

    /// <summary>Writes a stream's opening tag (RFC 6120 §4.2), which only <see cref="WriteStreamEnd"/> closes.</summary>
    /// <param name="to">The server's domain.</param>
    /// <param name="from">Our bare address, if it may be known on the way.</param>
    /// <param name="language">The default language, if any.</param>
    /// <param name="contentNamespace">The default namespace of stanzas.</param>
    public void WriteStreamStart(string to, string? from, string? language, string contentNamespace)
    {
        Raw("<?xml version='1.0'?><stream:stream"u8);
        _inTag = true;
        WriteAttribute("to", to);
        WriteAttribute("from", from);
        WriteAttribute("version", "1.0");
        WriteAttribute("xml:lang", language);
        WriteAttribute("xmlns", contentNamespace);
        WriteAttribute("xmlns:stream", XmppNamespaces.Streams);
        EndTag();
        InStream = true;
        HandOver();
    }

    /// <summary>Writes a stream's closing tag.</summary>
    public void WriteStreamEnd()
    {
        InStream = false;
        Raw("</stream:stream>"u8);
        HandOver();
    }

    /// <summary>Forgets all open elements, as after an exception; what was written must be dropped by the caller.</summary>
    public void Reset()
    {
        (_room, _written) = (default, 0);
        _depth = 0;
        _inTag = false;
    }

    private static IEnumerable<char> ControlCharacters() =>
        Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => !XmlCharacters.IsCharacter(c));

    private static IEnumerable<char> Surrogates() => Enumerable.Range(0xD800, 0x800).Select(c => (char)c);

    private void WritePrefixed(XmlName name, string value)
    {
        Raw(" "u8);
        if (name.Namespace == XmlNamespaces.Xml)
        {
            Raw("xml:"u8);
            Raw(name.LocalName);
            WriteValue(value);
            return;
        }

        // A prefix of its own for each: what reads it goes by the namespace, and few attributes have one.
        var prefix = string.Create(CultureInfo.InvariantCulture, $"ns{_prefixes++}");
        Raw("xmlns:"u8);
        Raw(prefix);
        WriteValue(name.Namespace);
        Raw(" "u8);
        Raw(prefix);
        Raw(":"u8);
        Raw(name.LocalName);
        WriteValue(value);
    }

    private void WriteValue(string value)
    {
        Raw("='"u8);
        Escape(value, SpecialInAttribute, inAttribute: true);
        Raw("'"u8);
    }

    private void Escape(ReadOnlySpan<char> text, SearchValues<char> special, bool inAttribute)
    {
        var start = 0;
        while (start < text.Length)
        {
            var rest = text[start..];
            var plain = rest.IndexOfAny(special);
            if (plain != 0)
            {
                plain = plain < 0 ? rest.Length : plain;
                Raw(rest[..plain]);
                start += plain;
                continue;
            }

            switch (rest[0])
            {
                case '<':
                    Raw("&lt;"u8);
                    break;
                case '>':
                    Raw("&gt;"u8);
                    break;
                case '&':
                    Raw("&amp;"u8);
                    break;
                case '\'' when inAttribute:
                    Raw("&apos;"u8);
                    break;
                case '\t':
                    Raw("&#9;"u8);
                    break;
                case '\n':
                    Raw("&#10;"u8);
                    break;
                case '\r':
                    Raw("&#13;"u8);
                    break;
                case var high when char.IsHighSurrogate(high) && rest.Length > 1 && char.IsLowSurrogate(rest[1]):
                    Raw(rest[..2]);
                    start++;
                    break;
                default:
                    throw new ArgumentException(
                        $"The text has U+{(int)rest[0]:X4} at index {start}, which XML cannot carry"
                        + (char.IsSurrogate(rest[0]) ? ": it is half of a character." : "."));
            }

            start++;
        }
    }

    private void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        _written += utf8.Length;
    }

    private void Raw(ReadOnlySpan<char> text)
    {
        if (Ascii.FromUtf16(text, Room(text.Length), out var written) != OperationStatus.Done)
        {
            written = Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        }

        _written += written;
    }

    private Span<byte> Room(int bytes)
    {
        if (bytes > _room.Length - _written)
        {
            HandOver();
            _room = _output.GetMemory(bytes);
        }

        return _room.Span[_written..];
    }

    // The output is asked for room, and told what was used of it, once for an element and not for each piece.
    private void HandOver()
    {
        if (_written > 0)
        {
            _output.Advance(_written);
        }

        (_room, _written) = (default, 0);
    }

    private void EndTag()
    {
        if (_inTag)
        {
            _inTag = false;
            Raw(">"u8);
        }
    }

    private void RequireTag()
    {
        if (!_inTag)
        {
            throw new InvalidOperationException("Attributes come before content.");
        }
    }

    private void RequireOpen()
    {
        if (_depth == 0)
        {
            throw new InvalidOperationException("No element is open.");
        }
    }
}
