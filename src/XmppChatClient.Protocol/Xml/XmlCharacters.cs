using System.Buffers;
using System.Text;

namespace XmppChatClient.Xml;

/// <summary>The characters of XML 1.0 (fifth edition).</summary>
internal static class XmlCharacters
{
    /// <summary>Bytes that stand for themselves in text: ASCII but for markup, references, and line ends to be changed.
    /// </summary>
    public static readonly SearchValues<byte> PlainText = SearchValues.Create(Ascii(except: "<&>\r"));

    /// <summary>Bytes that stand for themselves in an attribute's value, whatever quotes it.</summary>
    public static readonly SearchValues<byte> PlainAttribute = SearchValues.Create(Ascii(except: "<&\t\r\n"));

    /// <summary>The same without either quote: the first byte that is not among them may end the value.</summary>
    public static readonly SearchValues<byte> PlainUnquoted = SearchValues.Create(Ascii(except: "<&\t\r\n'\""));

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:"u8);

    /// <summary>XML 1.0 §2.2 Char.</summary>
    public static bool IsCharacter(int codePoint) =>
        codePoint is >= 0x20 and <= 0xD7FF or '\t' or '\n' or '\r' or >= 0xE000 and <= 0xFFFD or >= 0x10000 and <= 0x10FFFF;

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    /// <summary>How many bytes at the front are a qualified name's: those of names and colons.</summary>
    public static int NameLength(ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        while (length < utf8.Length)
        {
            var ascii = utf8[length..].IndexOfAnyExcept(NameBytes);
            if (ascii < 0)
            {
                return utf8.Length;
            }

            length += ascii;
            if (utf8[length] < 0x80
                || Rune.DecodeFromUtf8(utf8[length..], out var rune, out var consumed) != OperationStatus.Done
                || !IsNameCharacter(rune.Value))
            {
                return length;
            }

            length += consumed;
        }

        return length;
    }

    /// <summary>Whether a name without a colon (Namespaces in XML 1.0 §3 NCName) may begin as this one does.</summary>
    public static bool StartsName(ReadOnlySpan<byte> utf8) =>
        Rune.DecodeFromUtf8(utf8, out var rune, out _) == OperationStatus.Done && IsNameStart(rune.Value);

    /// <summary>Whether it is a name without a colon (Namespaces in XML 1.0 §3 NCName).</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        var isFirst = true;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done
                || !(isFirst ? IsNameStart(rune.Value) : IsNameCharacter(rune.Value)))
            {
                return false;
            }

            isFirst = false;
            text = text[consumed..];
        }

        return !isFirst;
    }

    private static bool IsNameStart(int c) =>
        c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_'
        or >= 0xC0 and <= 0xD6 or >= 0xD8 and <= 0xF6 or >= 0xF8 and <= 0x2FF or >= 0x370 and <= 0x37D
        or >= 0x37F and <= 0x1FFF or >= 0x200C and <= 0x200D or >= 0x2070 and <= 0x218F or >= 0x2C00 and <= 0x2FEF
        or >= 0x3001 and <= 0xD7FF or >= 0xF900 and <= 0xFDCF or >= 0xFDF0 and <= 0xFFFD or >= 0x10000 and <= 0xEFFFF;

    private static bool IsNameCharacter(int c) =>
        IsNameStart(c) || c is '-' or '.' or >= '0' and <= '9' or 0xB7 or >= 0x300 and <= 0x36F or >= 0x203F and <= 0x2040;

    private static byte[] Ascii(string except) =>
        [.. Enumerable.Range(0, 0x80).Where(c => IsCharacter(c) && !except.Contains((char)c)).Select(c => (byte)c)];
}
