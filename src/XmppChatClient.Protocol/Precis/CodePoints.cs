using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace XmppChatClient.Precis;

/// <summary>Between UTF-16 and code points, and the mappings that go code point by code point.</summary>
internal static class CodePoints
{
    public static bool TryDecode(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out List<int>? codePoints, [NotNullWhen(false)] out string? error)
    {
        codePoints = null;
        error = null;
        var decoded = new List<int>(text.Length);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done)
            {
                error = $"contains the lone surrogate {Describe(text[0])}";
                return false;
            }

            decoded.Add(rune.Value);
            text = text[consumed..];
        }

        codePoints = decoded;
        return true;
    }

    public static string Encode(ReadOnlySpan<int> codePoints)
    {
        var length = 0;
        foreach (var codePoint in codePoints)
            length += codePoint > 0xFFFF ? 2 : 1;
        return string.Create(length, codePoints, static (text, codePoints) =>
        {
            foreach (var codePoint in codePoints)
                text = text[new Rune(codePoint).EncodeToUtf16(text)..];
        });
    }

    public static void MapWidths(List<int> codePoints)
    {
        for (var i = 0; i < codePoints.Count; i++)
            if (UnicodeTables.Traits(codePoints[i]).HasWidthMapping)
                codePoints[i] = UnicodeTables.WidthMapping(codePoints[i]);
    }

    // RFC 8265 §3.5 wants no special form of sigma at the end of a word, so no context is looked at.
    public static List<int> ToLowercase(List<int> codePoints)
    {
        var lowercase = new List<int>(codePoints.Count);
        foreach (var codePoint in codePoints)
        {
            // The only lowercase that is two code points in every language.
            if (codePoint == 0x0130)
                lowercase.AddRange(['i', 0x0307]);
            else
                lowercase.Add(UnicodeTables.Traits(codePoint).HasLowercase ? UnicodeTables.Lowercase(codePoint) : codePoint);
        }

        return lowercase;
    }

    /// <summary><c>U+0026 '&amp;'</c>; what is not fit to be seen in a log goes without the character.</summary>
    public static string Describe(int codePoint)
    {
        var number = $"U+{codePoint.ToString("X4", CultureInfo.InvariantCulture)}";
        var traits = UnicodeTables.Traits(codePoint);
        var isVisible = traits.Precis is PrecisClass.Valid or PrecisClass.FreeformOnly && !traits.IsMark;
        return isVisible ? $"{number} '{new Rune(codePoint)}'" : number;
    }
}
