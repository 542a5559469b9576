using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Xml;
using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>What <see cref="XmlReader"/> makes of bytes, and what it saw that XMPP may judge differently.</summary>
internal sealed class PlatformReading
{
    private const string Declarations = "http://www.w3.org/2000/xmlns/";

    private readonly HashSet<XmlPeculiarity> _seen = [];
    private readonly ImmutableArray<string>.Builder _items = ImmutableArray.CreateBuilder<string>();
    private readonly XmlLimits _limits;

    // At which depth items lie: 0 for an element that stands alone, 1 for the children of a stream.
    private readonly int _itemDepth;
    private CanonicalTree _tree = new();
    private bool _hasReferences;
    private int _elements;

    private PlatformReading(ReadOnlyMemory<byte> bytes, bool isStream, XmlLimits? limits)
    {
        _limits = limits ?? XmlLimits.Default;
        _itemDepth = isStream ? 1 : 0;
        LookAt(bytes.Span);
        if (Read(bytes))
        {
            Reading = new XmlReading(_items.ToImmutable(), XmlReadingEnd.Closed);
        }
        else
        {
            // An element that stands alone is whole only when nothing else is wrong.
            Reading = new XmlReading(isStream ? _items.ToImmutable() : [], XmlReadingEnd.Refused);
        }
    }

    public XmlReading Reading { get; }

    public IReadOnlySet<XmlPeculiarity> Seen => _seen;

    public static PlatformReading OfElement(ReadOnlyMemory<byte> bytes, XmlLimits? limits = null) =>
        new(bytes, isStream: false, limits);

    /// <summary>The opening tag is the first item and each child another.</summary>
    public static PlatformReading OfStream(ReadOnlyMemory<byte> bytes, XmlLimits? limits = null) =>
        new(bytes, isStream: true, limits);

    private void LookAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            _seen.Add(XmlPeculiarity.ByteOrderMark);
        }

        // UTF-16 or UCS-4 by its mark, or by the NUL beside its first '<' (XML 1.0 appendix F).
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || bytes[..Math.Min(4, bytes.Length)].Contains((byte)0))
        {
            _seen.Add(XmlPeculiarity.OtherEncoding);
        }

        Note(XmlPeculiarity.CutCharacter, Rune.DecodeLastFromUtf8(bytes, out _, out _) == OperationStatus.NeedMoreData
            && !bytes.IsEmpty);
        for (var rest = bytes; rest.IndexOf("&#"u8) is >= 0 and var at; rest = rest[(at + 2)..])
        {
            _hasReferences = true;
            if (rest[at..].IndexOf((byte)';') >= 32)
            {
                _seen.Add(XmlPeculiarity.LongReference);
            }
        }
    }

    private bool Read(ReadOnlyMemory<byte> bytes)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new ByteByByte(bytes), settings);
            while (reader.Read())
            {
                Take(reader);
            }

            return true;
        }
        catch (XmlException refusal)
        {
            if (refusal.Message.Contains("xml:space", StringComparison.Ordinal))
            {
                _seen.Add(XmlPeculiarity.SpaceAttribute);
            }

            return false;
        }
        catch (ArgumentException)
        {
            // Bytes that are not of the encoding, or the name of an encoding that there is not.
            return false;
        }
    }

    private void Take(XmlReader reader)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Element:
                TakeElement(reader);
                break;
            case XmlNodeType.EndElement:
                TakeEnd(reader.Depth);
                break;
            case XmlNodeType.Text or XmlNodeType.CDATA:
            case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                TakeText(reader);
                break;
            case XmlNodeType.Comment:
                _seen.Add(XmlPeculiarity.Comment);
                break;
            case XmlNodeType.ProcessingInstruction:
                _seen.Add(XmlPeculiarity.ProcessingInstruction);
                break;
            case XmlNodeType.XmlDeclaration:
                Note(XmlPeculiarity.XmlDeclaration, _itemDepth == 0);
                Note(XmlPeculiarity.OtherVersion, reader.GetAttribute("version") != "1.0");
                Note(XmlPeculiarity.OtherEncoding, reader.GetAttribute("encoding") is { } encoding
                    && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
                break;
            default:
                throw new InvalidOperationException($"The platform's reader saw a {reader.NodeType}.");
        }
    }

    private void TakeElement(XmlReader reader)
    {
        var (depth, isEmpty) = (reader.Depth, reader.IsEmptyElement);
        if (depth == _itemDepth)
        {
            _elements = 0;
        }

        Note(XmlPeculiarity.TooManyElements, ++_elements > _limits.Elements);
        Note(XmlPeculiarity.TooDeep, depth - _itemDepth >= _limits.Depth);
        Note(XmlPeculiarity.TooManyAttributes, reader.AttributeCount > _limits.Attributes);
        Note(XmlPeculiarity.ElementOfPrefixXmlns, reader.Prefix == "xmlns");
        _tree.Start(reader.NamespaceURI, reader.LocalName);
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI != Declarations)
            {
                _tree.Attribute(reader.NamespaceURI, reader.LocalName, reader.Value);
            }
        }

        if (depth < _itemDepth)
        {
            Note(XmlPeculiarity.EmptyStream, isEmpty);
            _tree.End();
            EndItem();
        }
        else if (isEmpty)
        {
            TakeEnd(depth);
        }
    }

    private void TakeEnd(int depth)
    {
        if (depth < _itemDepth)
        {
            _seen.Add(XmlPeculiarity.AfterTheStream);
            return;
        }

        _tree.End();
        if (depth == _itemDepth)
        {
            EndItem();
        }
    }

    private void TakeText(XmlReader reader)
    {
        if (reader.Depth > _itemDepth)
        {
            _tree.Text(reader.Value);
        }
        else
        {
            // A space may have been written as a reference, which is no whitespace; the platform does not say.
            Note(XmlPeculiarity.TextBetweenStanzas,
                reader.NodeType is XmlNodeType.CDATA or XmlNodeType.Text || _hasReferences);
        }
    }

    private void EndItem()
    {
        _items.Add(_tree.ToString());
        _tree = new CanonicalTree();
    }

    private void Note(XmlPeculiarity peculiarity, bool isThere)
    {
        if (isThere)
        {
            _seen.Add(peculiarity);
        }
    }

    // XmlReader decodes all that it gets at once, and would trip over the end before it tells of the beginning.
    private sealed class ByteByByte(ReadOnlyMemory<byte> bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_position == bytes.Length || count == 0)
            {
                return 0;
            }

            buffer[offset] = bytes.Span[_position++];
            return 1;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
