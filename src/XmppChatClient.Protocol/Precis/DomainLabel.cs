using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace XmppChatClient.Precis;

/// <summary>What RFC 5890 to 5892 ask of one label of a domain name that has been mapped.</summary>
internal static class DomainLabel
{
    public const string Prefix = "xn--";

    private const int LongestLabel = 63;

    /// <summary>Whether it is lowercase ASCII that stands for itself. An underscore may be anywhere: host names must
    /// not have one (RFC 952), but names of services on private networks do, and DNS carries them.</summary>
    public static string? WhyNotAscii(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty)
            return "has an empty label";
        if (label.Length > LongestLabel)
            return "has a label longer than 63 octets";
        foreach (var character in label)
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('-' or '_'))
                return $"contains {CodePoints.Describe(character)}, which no domain name may have";
        return label.StartsWith(Prefix) ? null : WrongHyphen(label);
    }

    /// <param name="label">A label in lowercase and form C; an A-label is turned into a U-label.</param>
    /// <param name="unicode">The label as people read it.</param>
    /// <param name="asciiLength">How many octets its form for DNS has.</param>
    /// <param name="error">Why it is not a label.</param>
    public static bool TryNormalize(
        string label, [NotNullWhen(true)] out string? unicode, out int asciiLength, [NotNullWhen(false)] out string? error)
    {
        unicode = label;
        asciiLength = label.Length;
        if (System.Text.Ascii.IsValid(label))
        {
            error = WhyNotAscii(label);
            return error is null && (!label.StartsWith(Prefix, StringComparison.Ordinal)
                || TryDecode(label, out unicode, out error));
        }

        if (!CodePoints.TryDecode(label, out var codePoints, out error))
            return false;
        error = WhyNotUnicode(codePoints);
        if (error is not null)
            return false;
        asciiLength = Prefix.Length + Punycode.Encode(CollectionsMarshal.AsSpan(codePoints)).Length;
        error = asciiLength > LongestLabel ? "has a label longer than 63 octets in ASCII form" : null;
        return error is null;
    }

    private static bool TryDecode(
        string label, [NotNullWhen(true)] out string? unicode, [NotNullWhen(false)] out string? error)
    {
        unicode = null;
        var punycode = label.AsSpan(Prefix.Length);
        // The way back is part of the check: more than one text may decode to the same label (RFC 5891 §5.4).
        if (!Punycode.TryDecode(punycode, out List<int>? codePoints)
            || codePoints.TrueForAll(codePoint => codePoint < 0x80)
            || !punycode.SequenceEqual(Punycode.Encode(CollectionsMarshal.AsSpan(codePoints))))
        {
            error = "has a label that begins with xn-- but is no A-label of RFC 5890";
            return false;
        }

        error = WhyNotUnicode(codePoints);
        if (error is not null)
            return false;
        unicode = CodePoints.Encode(CollectionsMarshal.AsSpan(codePoints));
        return true;
    }

    private static string? WhyNotUnicode(List<int> codePoints)
    {
        // Each code point takes an octet or more of the A-label; Punycode is not to see more.
        if (codePoints.Count > LongestLabel - Prefix.Length)
            return "has a label longer than 63 octets in ASCII form";

        foreach (var codePoint in codePoints)
            if (UnicodeTables.Traits(codePoint).Idna == IdnaClass.Disallowed)
                return $"contains {CodePoints.Describe(codePoint)}, which RFC 5892 does not allow in domain names";
        if (!Nfc.IsNormal(codePoints))
            return "has an A-label whose text is not in form C";

        var label = CodePoints.Encode(CollectionsMarshal.AsSpan(codePoints));
        if (WrongHyphen(label) is { } hyphen)
            return hyphen;
        return UnicodeTables.Traits(codePoints[0]).IsMark
            ? $"has a label that begins with the combining mark {CodePoints.Describe(codePoints[0])}"
            : StringClass.WhyOutOfContext(CollectionsMarshal.AsSpan(codePoints));
    }

    private static string? WrongHyphen(ReadOnlySpan<char> label) =>
        label[0] == '-' || label[^1] == '-' ? "has a label that begins or ends with a hyphen"
        : label is [_, _, '-', '-', ..] ? "has a label with hyphens in third and fourth place, which RFC 5890 reserves"
        : null;
}
