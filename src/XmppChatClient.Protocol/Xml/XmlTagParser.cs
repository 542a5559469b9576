using System.Runtime.CompilerServices;
using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Parses opening tags.</summary>
internal sealed class XmlTagParser(XmlLimits limits, XmlNameTable names, XmlNamespaces namespaces)
{
    /// <summary>Returned where the bytes end before the tag does.</summary>
    public const int Incomplete = -1;

    private static readonly byte[][] ClosedAtOnce = [[.. "/>"u8]];
    private static readonly byte[][] LeftOpen = [[.. ">"u8]];

    private readonly TagShapes _shapes = new();
    private RawAttribute[] _raw = new RawAttribute[8];

    /// <summary>Parses the tag whose <c>&lt;</c> is at <paramref name="start"/>; its declarations are in scope then.</summary>
    /// <returns>Where it ends, or <see cref="Incomplete"/>.</returns>
    public int Parse(ReadOnlySpan<byte> utf8, int start, out TagShape shape, out XmlAttribute[] attributes)
    {
        var tag = utf8[start..];
        if (_shapes.Find(tag, namespaces.Default, out var length) is { } found)
        {
            shape = found;
            if (found.Declared is { } declared && !found.ClosesItself)
            {
                namespaces.Declare([], declared);
            }

            attributes = found.Attributes.Length == 0 ? [] : ReadValues(tag, found);
            return start + length;
        }

        (shape, attributes) = (null!, []);
        length = FindEnd(tag);
        if (length < 0)
        {
            return Incomplete;
        }

        shape = ParseAny(tag[..length], out attributes);
        return start + length;
    }

    private XmlAttribute[] ReadValues(ReadOnlySpan<byte> tag, TagShape shape)
    {
        var attributes = new XmlAttribute[shape.Attributes.Length];
        var known = _shapes.Known;
        for (var i = 0; i < attributes.Length; i++)
        {
            attributes[i] = new XmlAttribute(shape.Attributes[i], known[i] ?? ReadValue(tag, shape, i));
        }

        return attributes;
    }

    private string ReadValue(ReadOnlySpan<byte> tag, TagShape shape, int index)
    {
        var (start, length) = (_shapes.Values[2 * index], _shapes.Values[(2 * index) + 1]);
        var written = tag.Slice(start, length);

        // No two ids are the same, or should be: to look for one seen before would be in vain.
        if (shape.Attributes[index].LocalName == "id")
        {
            return Encoding.ASCII.GetString(written);
        }

        var value = names.Value(written);
        if (shape.LastValues.Length == 0)
        {
            shape.LastValues = new LastValue[shape.Attributes.Length];
        }

        shape.LastValues[index].Set(tag.Slice(start, length + 1), value);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FindEnd(ReadOnlySpan<byte> tag)
    {
        var position = 0;
        while (true)
        {
            var at = tag[position..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (at < 0)
            {
                return Incomplete;
            }

            position += at + 1;
            if (tag[position - 1] == (byte)'>')
            {
                return position;
            }

            at = tag[position..].IndexOf(tag[position - 1]);
            if (at < 0)
            {
                return Incomplete;
            }

            position += at + 1;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TagShape ParseAny(ReadOnlySpan<byte> tag, out XmlAttribute[] attributes)
    {
        var position = 1;
        var qualified = tag.Slice(position, XmlCharacters.NameLength(tag[position..]));
        var (prefixLength, localStart) = SplitName(qualified);
        position += qualified.Length;
        var count = 0;
        while (true)
        {
            var spaced = SkipSpace(tag, ref position);
            if (tag[position..] is [(byte)'>'] or [(byte)'/', (byte)'>'])
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

            if (count == _raw.Length)
            {
                Array.Resize(ref _raw, Math.Min(count * 2, limits.Attributes));
            }

            _raw[count++] = ParseAttribute(tag, ref position);
        }

        var raw = _raw.AsSpan(0, count);
        var scope = namespaces.Default;
        var declared = DeclareNamespaces(tag, raw);
        attributes = ResolveAttributes(tag, raw);
        if (qualified[..prefixLength].SequenceEqual("xmlns"u8))
        {
            throw XmlViolation.BadPrefix("an element has the prefix xmlns");
        }

        var name = names.Name(namespaces.Resolve(qualified[..prefixLength]), qualified[localStart..]);

        // What a prefix means is not in the tag, so such a shape is only good for once: of the tag it needs the end alone.
        var isKept = prefixLength == 0 && !HasPrefixes(tag, raw);
        var pieces = isKept ? PiecesOf(tag, raw) : tag[^2] == (byte)'/' ? ClosedAtOnce : LeftOpen;
        var shape = new TagShape(pieces, name, Array.ConvertAll(attributes, a => a.Name), scope, declared, qualified);
        if (isKept)
        {
            _shapes.Add(tag, shape);
        }

        return shape;
    }

    private static byte[][] PiecesOf(ReadOnlySpan<byte> tag, ReadOnlySpan<RawAttribute> raw)
    {
        var pieces = new List<byte[]>(raw.Length + 1);
        var start = 0;
        foreach (ref readonly var attribute in raw)
        {
            if (!IsDeclaration(tag, attribute, out _))
            {
                pieces.Add(tag[start..attribute.ValueStart].ToArray());
                start = attribute.ValueEnd;
            }
        }

        return [.. pieces, tag[start..].ToArray()];
    }

    private static bool HasPrefixes(ReadOnlySpan<byte> tag, ReadOnlySpan<RawAttribute> raw)
    {
        foreach (ref readonly var attribute in raw)
        {
            if (attribute.PrefixLength > 0 && !tag.Slice(attribute.Start, attribute.PrefixLength).SequenceEqual("xml"u8))
            {
                return true;
            }
        }

        return false;
    }

    private RawAttribute ParseAttribute(ReadOnlySpan<byte> utf8, ref int position)
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

        var valueStart = position;
        position += end + 1;
        var raw = rest[..end];
        var value = raw.IndexOfAnyExcept(XmlCharacters.PlainAttribute) < 0
            ? names.Value(raw)
            : XmlTextDecoder.Attribute(raw);
        return new RawAttribute(start, prefixLength, localStart, length, valueStart, position - 1, value);
    }

    // Returns the default namespace that is declared here, if one is.
    private string? DeclareNamespaces(ReadOnlySpan<byte> tag, ReadOnlySpan<RawAttribute> raw)
    {
        string? declared = null;
        for (var i = 0; i < raw.Length; i++)
        {
            if (!IsDeclaration(tag, raw[i], out var prefix))
            {
                continue;
            }

            for (var j = 0; j < i; j++)
            {
                if (IsDeclaration(tag, raw[j], out var earlier) && earlier.SequenceEqual(prefix))
                {
                    throw XmlViolation.NotWellFormed("a namespace is declared twice in one tag");
                }
            }

            var name = XmlNameTable.Shared(raw[i].Value);
            namespaces.Declare(prefix, name);
            declared = prefix.IsEmpty ? name : declared;
        }

        return declared;
    }

    private XmlAttribute[] ResolveAttributes(ReadOnlySpan<byte> tag, ReadOnlySpan<RawAttribute> raw)
    {
        var resolved = new List<XmlAttribute>(raw.Length);
        foreach (ref readonly var attribute in raw)
        {
            if (IsDeclaration(tag, attribute, out _))
            {
                continue;
            }

            var qualified = tag.Slice(attribute.Start, attribute.Length);

            // Namespaces in XML §6.2: the default namespace is not that of attributes.
            var namespaceName = attribute.PrefixLength == 0 ? "" : namespaces.Resolve(qualified[..attribute.PrefixLength]);
            var name = names.Name(namespaceName, qualified[attribute.LocalStart..]);
            foreach (var earlier in resolved)
            {
                if (earlier.Name == name)
                {
                    throw XmlViolation.NotWellFormed("an attribute is given twice");
                }
            }

            resolved.Add(new XmlAttribute(name, attribute.Value));
        }

        return [.. resolved];
    }

    private static bool IsDeclaration(ReadOnlySpan<byte> utf8, in RawAttribute attribute, out ReadOnlySpan<byte> prefix)
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

    private readonly record struct RawAttribute(
        int Start, int PrefixLength, int LocalStart, int Length, int ValueStart, int ValueEnd, string Value);
}
