namespace XmppChatClient.Precis;

/// <summary>The six conditions of RFC 5893 §2.</summary>
internal static class BidiRule
{
    /// <summary>Whether the rule applies: there is a code point written from right to left.</summary>
    public static bool Concerns(ReadOnlySpan<int> codePoints)
    {
        foreach (var codePoint in codePoints)
            if (UnicodeTables.Traits(codePoint).Bidi
                is BidiClass.RightToLeft or BidiClass.ArabicLetter or BidiClass.ArabicNumber)
            {
                return true;
            }

        return false;
    }

    public static bool IsMetBy(ReadOnlySpan<int> codePoints)
    {
        if (codePoints.IsEmpty)
            return false;
        return UnicodeTables.Traits(codePoints[0]).Bidi switch
        {
            BidiClass.RightToLeft or BidiClass.ArabicLetter => IsRightToLeft(codePoints),
            BidiClass.LeftToRight => IsLeftToRight(codePoints),
            _ => false,
        };
    }

    private static bool IsRightToLeft(ReadOnlySpan<int> codePoints)
    {
        bool hasEuropean = false, hasArabic = false;
        foreach (var codePoint in codePoints)
        {
            var bidi = UnicodeTables.Traits(codePoint).Bidi;
            if (bidi is BidiClass.LeftToRight or BidiClass.Other)
                return false;
            hasEuropean |= bidi == BidiClass.EuropeanNumber;
            hasArabic |= bidi == BidiClass.ArabicNumber;
        }

        return !(hasEuropean && hasArabic)
            && LastBeforeMarks(codePoints) is BidiClass.RightToLeft or BidiClass.ArabicLetter
                or BidiClass.EuropeanNumber or BidiClass.ArabicNumber;
    }

    private static bool IsLeftToRight(ReadOnlySpan<int> codePoints)
    {
        foreach (var codePoint in codePoints)
            if (UnicodeTables.Traits(codePoint).Bidi is BidiClass.RightToLeft or BidiClass.ArabicLetter
                or BidiClass.ArabicNumber or BidiClass.Other)
            {
                return false;
            }

        return LastBeforeMarks(codePoints) is BidiClass.LeftToRight or BidiClass.EuropeanNumber;
    }

    private static BidiClass LastBeforeMarks(ReadOnlySpan<int> codePoints)
    {
        for (var i = codePoints.Length - 1; i >= 0; i--)
            if (UnicodeTables.Traits(codePoints[i]).Bidi is var bidi and not BidiClass.NonspacingMark)
                return bidi;
        return BidiClass.NonspacingMark;
    }
}
