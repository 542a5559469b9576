using System.Text;
using CsCheck;

namespace XmppChatClient.Tests.Xml;

/// <summary>Random XML: well-formed most of the time, with all that XMPP allows and now and then something it does not.
/// </summary>
internal static class XmlGenerators
{
    private const string StreamOpening =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:p='urn:stream-p' "
        + "xml:lang='en' version='1.0'>";

    // What has been wrong in one XML parser or another.
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "<", ">", "</", "/>", "/", "&", ";", "'", "\"", "=", " ", "\t", "\r", "\n", "\r\n", "\0", ":", "-", "]", "]]>",
            "<![CDATA[", "<![CDATA[]]>", "<![CDATA[]]]]>", "<!--x-->", "<!-", "<!", "<!DOCTYPE a>", "<?p x?>", "<?",
            "<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-8'?>", "<?xml version='1.0' encoding='latin1'?>",
            "&lt;", "&amp;", "&quot;", "&nbsp;", "&#0;", "&#65;", "&#x41;", "&#X41;", "&#65\0;", "&# 65;", "&#+65;", "&#;", "&#x;",
            "&#xD800;", "&#xFFFE;", "&#x10FFFF;", "&#x110000;", "&#xFFFFFFFF;", "&#4294967361;", "&#13;", "&#10;", "&#9;",
            "&#0000000000000000000000000000000000065;", "<a>", "</a>", "<a/>", "<p:a/>", "<xml:a/>", "<xmlns:a/>", "<:a/>", "<a:/>",
            " xmlns=''", " xmlns='urn:p'", " xmlns:p='urn:p'", " xmlns:p=''", " xmlns:q='urn:p'", " xmlns:xml='urn:p'",
            " xmlns:xml='http://www.w3.org/XML/1998/namespace'", " xmlns:q='http://www.w3.org/XML/1998/namespace'",
            " xmlns='http://www.w3.org/2000/xmlns/'", " xmlns:xmlns='urn:p'", " xmlns:q='http://www.w3.org/2000/xmlns/'",
            " xml:lang='en'", " xml:space='x'", " p:x='1'", " q:x='2'", " x='3'", " x=y", " x", "<stream:stream>", "</stream:stream>",
            "\u0001", "\u007F", "\u0085", "\u00B7", "\u00D7", "é", "\u0300", "\u200C", "\u2028", "\u3000", "\uFEFF", "\uFFFD", "\uFFFE",
            "\uFFFF", "🎉",
        ]).Select(Encoding.UTF8.GetBytes),
        [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF, 0xFE],
    ];

    private static readonly Gen<string> Space = Gen.OneOf("", "", "", " ", "\n", "\t ", "\r\n");
    private static readonly Gen<string> SomeSpace = Gen.OneOf(" ", " ", " ", "\n", "\r\n", "  ", "\t");

    private static readonly Gen<string> LocalName =
        Gen.OneOf("a", "b", "body", "x", "long-name.with_all2", "é", "日本", "A\u0301", "xmlfoo", "\u037Fb");

    private static readonly Gen<string> Prefix = Gen.OneOf("", "", "", "", "p:", "q:", "é:", "xml:");

    private static readonly Gen<string> Namespace =
        Gen.OneOf("urn:p", "urn:q", "jabber:client", "http://jabber.org/protocol/muc#user", "a&amp;b", " sp ", "ü");

    private static readonly Gen<string> Character = Gen.Frequency(
        (20, Gen.Char['a', 'z'].Select(c => c.ToString())),
        (4, Gen.OneOf(" ", "\n", "\t", "\r", "\r\n", ">", "]", ";", "=")),
        (4, Gen.OneOf("&lt;", "&gt;", "&amp;", "&quot;", "&apos;")),
        (3, Gen.OneOf("&#65;", "&#x1F389;", "&#xd;", "&#10;", "&#x9;", "&#xFFFD;", "&#0065;")),
        (4, Gen.OneOf("é", "日", "🎉", "\u0085", "\u2028", "\uFFFD", "\u00A0", "\uFEFF", "\U0010FFFD", "\uD7FF", "\uE000")));

    private static readonly Gen<string> Text = Character.Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> CharacterData =
        Gen.OneOf("", "<x>", "&amp;", "a", "]", "]]", "]]]", "é\r\nb", "<![CDATA[", "🎉").Select(t => $"<![CDATA[{t}]]>");

    private static readonly Gen<string> Quoted = Gen.Select(Text, Gen.Bool, (text, isSingle) =>
        isSingle ? $"'{text}'" : $"\"{text}\"");

    private static readonly Gen<string> Declaration = Gen.Select(Gen.OneOf("xmlns", "xmlns:p", "xmlns:q", "xmlns:é"), Namespace,
        (name, value) => $"{name}='{value}'");

    private static readonly Gen<string> OneAttribute = Gen.Frequency(
        (6, Gen.Select(Prefix, LocalName, Space, Space, Quoted, (prefix, name, before, after, value) =>
            $"{prefix}{name}{before}={after}{value}")),
        (4, Declaration),
        (1, Gen.OneOf("xml:lang='de'", "xml:space='preserve'", "xmlns=''", "xml:id='i'")));

    // Mostly of different names, so that most elements are well-formed.
    private static readonly Gen<string> Attributes = Gen.Select(SomeSpace, OneAttribute).Array[0, 4].Select(attributes =>
        string.Concat(attributes.DistinctBy(a => a.Item2.Split('=')[0].Trim()).Select(a => a.Item1 + a.Item2)));

    private static readonly Gen<string> Forbidden =
        Gen.OneOf("<!-- c -->", "<?pi x?>", "&nbsp;", "]]>", "\u0001", "\uFFFE", "&#0;", "<!DOCTYPE a>");

    /// <summary>One element, its usual prefixes declared.</summary>
    public static Gen<string> Element { get; } = Nested(3, root: " xmlns:p='urn:p' xmlns:q='urn:q' xmlns:é='urn:é'");

    /// <summary>The children of a stream, as a stream with its opening tag and perhaps with its closing one.</summary>
    public static Gen<string> Stream { get; } = Gen.Select(
        Gen.OneOf("", "", "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding='UTF-8' standalone='yes' ?>\r\n", " "),
        Gen.Select(Space, Gen.Frequency((12, Nested(2, root: "")), (1, Gen.OneOf("text", "<![CDATA[x]]>", "<!--c-->", "<?p?>")))).Array[0, 5],
        Gen.OneOf("</stream:stream>", "</stream:stream >", "\n</stream:stream>", "", "</stream:stream><x/>", "</stream>"),
        (declaration, items, end) => declaration + StreamOpening + string.Concat(items.Select(i => i.Item1 + i.Item2)) + end);

    /// <summary>Elements hit by one to four accidents.</summary>
    public static Gen<byte[]> MutatedElement { get; } = Mutated(Element);

    /// <summary>Streams hit by one to four accidents.</summary>
    public static Gen<byte[]> MutatedStream { get; } = Mutated(Stream);

    private static Gen<byte[]> Mutated(Gen<string> documents)
    {
        var document = documents.Select(Encoding.UTF8.GetBytes);
        var change = Gen.Frequency(
            (3, Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte, (at, b) => (Func<byte[], byte[]>)(d => Flip(d, at, b)))),
            (6, Gen.Select(Gen.Int[0, 1 << 20], Gen.OneOf(Tokens), (at, t) => (Func<byte[], byte[]>)(d => Replace(d, at, 0, t)))),
            (3, Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[1, 12], (at, n) => (Func<byte[], byte[]>)(d => Replace(d, at, n, [])))),
            (1, Gen.Int[0, 1 << 20].Select(at => (Func<byte[], byte[]>)(d => d[..Place(d, at)]))),
            (2, Gen.Select(Gen.Int[0, 1 << 20], document, Gen.Int[0, 1 << 20], Gen.Int[1, 20], (at, other, from, n) =>
                (Func<byte[], byte[]>)(d => Replace(d, at, 0, Part(other, from, n))))));
        return Gen.Select(document, change.Array[1, 4], (bytes, changes) => changes.Aggregate(bytes, (d, c) => c(d)));
    }

    private static byte[] Flip(byte[] bytes, int at, byte by)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            flipped[at % flipped.Length] ^= by;
        }

        return flipped;
    }

    private static byte[] Replace(byte[] bytes, int at, int length, byte[] with)
    {
        var place = Place(bytes, at);
        return [.. bytes[..place], .. with, .. bytes[Math.Min(place + length, bytes.Length)..]];
    }

    private static byte[] Part(byte[] bytes, int from, int length)
    {
        var place = Place(bytes, from);
        return bytes[place..Math.Min(place + length, bytes.Length)];
    }

    private static int Place(byte[] bytes, int at) => at % (bytes.Length + 1);

    private static Gen<string> Nested(int depth, string root)
    {
        var piece = depth == 0
            ? Gen.Frequency((6, Text), (1, CharacterData))
            : Gen.Frequency((6, Text), (2, CharacterData), (5, Nested(depth - 1, "")));
        var content = Gen.Frequency((100, piece), (1, Forbidden)).Array[0, 4].Select(string.Concat);
        var own = root.Length == 0 ? Attributes : Attributes.Select(a => a.Contains("xmlns:", StringComparison.Ordinal) ? "" : a);
        return Gen.Select(Prefix, LocalName, own, Space, content, Gen.Bool, (prefix, name, attributes, space, inner, isShort) =>
            prefix == "xml:" && depth % 2 == 0 ? $"<{name}/>"
            : inner.Length == 0 && isShort ? $"<{prefix}{name}{root}{attributes}{space}/>"
            : $"<{prefix}{name}{root}{attributes}{space}>{inner}</{prefix}{name}{space}>");
    }
}
