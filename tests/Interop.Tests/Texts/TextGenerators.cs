using System.Text;
using CsCheck;

namespace XmppChatClient.Interop.Tests.Texts;

/// <summary>Random texts over all that a .NET string can hold, with what has been lost or changed on the way by one program
/// or another.</summary>
internal static class TextGenerators
{
    private static readonly string[] Suspects =
    [
        "]]>", "&lt;", "&amp;amp;", "&#13;", "&#x0;", "&bogus;", "<![CDATA[", "<!--", "<?x?>", "</body>", "'", "\"", "<", ">", "&",
        " ", "  ", "\t", "\n", "\r", "\r\n", "\n\r", "\r\r\n", "\u0085", "\r\u0085", "\u00A0", "\u2028", "\u2029", "\u3000", "\u200B",
        "\uFEFF", "\uFFFD", "e\u0301", "\u0301", "\u0344", "\u212B", "\uFB01", "\u1100\u1161\u11A8", "\uAC01", "\u0F73\u0F71", "\u093C",
        "\u200D", "👨‍👩‍👧", "☺\uFE0F", "\u202E", "\u2066", "\u061C", "\u00AD", "\u034F", "\u115F", "\uE000", "\uF8FF", "\uD7FF", "\u007F", "\u0080",
        "\u009F", "\uFDD0", "\uFDEF", "\U0001FFFE", "\U0001FFFF", "\U00010000", "\U000E0001", "\U000E007F", "\U000F0000",
        "\U0010FFFD", "\U0010FFFE", "\U0010FFFF", "𝒳", "日本語", "ß", "İ",
    ];

    private static readonly Gen<string> Forbidden = Gen.OneOf(
        Gen.Int[0, 0x1F].Where(c => c is not ('\t' or '\n' or '\r')).Select(c => ((char)c).ToString()),
        Gen.Int[0xD800, 0xDFFF].Select(c => ((char)c).ToString()),
        Gen.OneOf("\uFFFE", "\uFFFF", "\uDC00\uD800"));

    private static readonly Gen<string> Allowed = Gen.Frequency(
        (4, Gen.Char[' ', '~'].Select(c => c.ToString())),
        (4, Gen.OneOf(Suspects.Select(Gen.Const).ToArray())),
        (1, Gen.Int[0x80, 0x7FF].Select(char.ConvertFromUtf32)),
        (2, Gen.Int[0x800, 0xFFFD].Select(c => c is >= 0xD800 and <= 0xDFFF ? c - 0x2000 : c).Select(char.ConvertFromUtf32)),
        (2, Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32)));

    private static readonly Gen<string> Short = Gen.Frequency(
        (4, Allowed.Array[0, 40].Select(string.Concat)),
        (1, Gen.Frequency((6, Allowed), (1, Forbidden)).Array[1, 40].Select(string.Concat)));

    // No more than a stanza may be even where a server writes each character as six.
    private static readonly Gen<string> Long = Gen.Select(Allowed.Array[1, 20], Gen.Int[1_000, 40_000], (parts, bytes) =>
    {
        var part = string.Concat(parts);
        return string.Concat(Enumerable.Repeat(part, Math.Max(1, bytes / Encoding.UTF8.GetByteCount(part))));
    });

    public static Gen<string> Text { get; } = Gen.Frequency((30, Short), (1, Long));
}
