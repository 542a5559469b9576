using System.Buffers;
using System.Globalization;
using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Turns the bytes of text and attribute values into strings: references resolved, line ends made one, every
/// character checked.</summary>
internal static class XmlTextDecoder
{
    /// <summary>Text between tags.</summary>
    public static string Text(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOfAnyExcept(XmlCharacters.PlainText) < 0 ? Encoding.ASCII.GetString(utf8) : Decode(utf8, Kind.Text);

    /// <summary>The inside of a CDATA section.</summary>
    public static string CharacterData(ReadOnlySpan<byte> utf8) => Decode(utf8, Kind.CharacterData);

    /// <summary>An attribute's value that is more than plain bytes.</summary>
    public static string Attribute(ReadOnlySpan<byte> utf8) => Decode(utf8, Kind.Attribute);

    private enum Kind
    {
        Text,
        CharacterData,
        Attribute,
    }

    private static string Decode(ReadOnlySpan<byte> utf8, Kind kind)
    {
        // No byte becomes more than one UTF-16 unit, and no reference is shorter than what it stands for.
        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(utf8.Length, 1));
        try
        {
            var length = Decode(utf8, buffer, kind);
            return new string(buffer, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static int Decode(ReadOnlySpan<byte> utf8, Span<char> output, Kind kind)
    {
        var written = 0;
        var read = 0;
        while (read < utf8.Length)
        {
            var rest = utf8[read..];
            var plain = rest.IndexOfAnyExcept(XmlCharacters.PlainAttribute);
            plain = plain < 0 ? rest.Length : plain;
            if (kind == Kind.Text)
            {
                RefuseSectionEnd(utf8, read, plain);
            }

            Encoding.ASCII.GetChars(rest[..plain], output[written..]);
            read += plain;
            written += plain;
            if (read == utf8.Length)
            {
                break;
            }

            rest = utf8[read..];
            switch (rest[0])
            {
                case (byte)'&' when kind != Kind.CharacterData:
                    read += Reference(rest, output, ref written);
                    break;
                case (byte)'<' when kind == Kind.Attribute:
                    throw XmlViolation.NotWellFormed("an attribute's value contains <");
                case (byte)'\r':
                    // XML 1.0 §2.11: a line end is one line feed; §3.3.3: and in an attribute, a space.
                    output[written++] = kind == Kind.Attribute ? ' ' : '\n';
                    read += rest.Length > 1 && rest[1] == (byte)'\n' ? 2 : 1;
                    break;
                case (byte)'\t' or (byte)'\n':
                    output[written++] = kind == Kind.Attribute ? ' ' : (char)rest[0];
                    read++;
                    break;
                default:
                    read += Character(rest, output, ref written);
                    break;
            }
        }

        return written;
    }

    // XML 1.0 §2.4: "]]>" must not stand in text.
    private static void RefuseSectionEnd(ReadOnlySpan<byte> utf8, int start, int length)
    {
        var from = Math.Max(0, start - 2);
        if (utf8[from..(start + length)].IndexOf("]]>"u8) >= 0)
        {
            throw XmlViolation.NotWellFormed("]]> stands in text");
        }
    }

    private static int Character(ReadOnlySpan<byte> utf8, Span<char> output, ref int written)
    {
        if (Rune.DecodeFromUtf8(utf8, out var rune, out var consumed) != OperationStatus.Done)
        {
            throw XmlViolation.NotWellFormed("it is not valid UTF-8");
        }

        Append(rune.Value, output, ref written);
        return consumed;
    }

    private static int Reference(ReadOnlySpan<byte> utf8, Span<char> output, ref int written)
    {
        // The longest that is allowed is about &#x0010FFFF; and zeros may go on: but nobody honest writes many.
        const int Longest = 32;
        var end = utf8[..Math.Min(utf8.Length, Longest)].IndexOf((byte)';');
        if (end < 0)
        {
            throw XmlViolation.NotWellFormed("a reference does not end");
        }

        var name = utf8[1..end];
        if (name.StartsWith("#"u8))
        {
            Append(Number(name[1..]), output, ref written);
            return end + 1;
        }

        output[written++] = name switch
        {
            _ when name.SequenceEqual("lt"u8) => '<',
            _ when name.SequenceEqual("gt"u8) => '>',
            _ when name.SequenceEqual("amp"u8) => '&',
            _ when name.SequenceEqual("quot"u8) => '"',
            _ when name.SequenceEqual("apos"u8) => '\'',
            _ => throw XmlViolation.Restricted("entities other than the five of XML itself"),
        };
        return end + 1;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var hex = digits.StartsWith("x"u8);

        // NUL is looked for because int.TryParse takes it after the digits.
        return !digits.Contains((byte)0) && int.TryParse(
            hex ? digits[1..] : digits, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            ? number
            : throw XmlViolation.NotWellFormed("a character reference is no number");
    }

    private static void Append(int codePoint, Span<char> output, ref int written)
    {
        if (!XmlCharacters.IsCharacter(codePoint))
        {
            throw XmlViolation.NotWellFormed($"it contains U+{codePoint:X4}, which is no character of XML 1.0");
        }

        written += new Rune(codePoint).EncodeToUtf16(output[written..]);
    }
}
