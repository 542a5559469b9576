namespace XmppChatClient.Precis;

/// <summary>RFC 5892 appendix A: code points that are right only next to, or apart from, others. PRECIS shares
/// them (RFC 8264 §9.6 and §9.7).</summary>
internal static class ContextRules
{
    private const int MiddleDot = 0x00B7;
    private const int GreekKeraia = 0x0375;
    private const int HebrewGeresh = 0x05F3;
    private const int HebrewGershayim = 0x05F4;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int KatakanaMiddleDot = 0x30FB;

    /// <returns>Where the first contextual code point stands that is not right there, or -1.</returns>
    public static int FirstBroken(ReadOnlySpan<int> codePoints)
    {
        // Looked at once: a question asked of the whole text at each of its code points would cost the square.
        bool hasKana = false, hasArabicIndic = false, hasExtendedArabicIndic = false;
        foreach (var codePoint in codePoints)
        {
            hasKana |= UnicodeTables.Traits(codePoint).Script == ContextScript.HiraganaKatakanaOrHan;
            hasArabicIndic |= IsArabicIndicDigit(codePoint);
            hasExtendedArabicIndic |= IsExtendedArabicIndicDigit(codePoint);
        }

        for (var i = 0; i < codePoints.Length; i++)
        {
            var isRight = codePoints[i] switch
            {
                ZeroWidthNonJoiner => FollowsVirama(codePoints, i) || BreaksJoin(codePoints, i),
                ZeroWidthJoiner => FollowsVirama(codePoints, i),
                MiddleDot => i > 0 && i + 1 < codePoints.Length && codePoints[i - 1] == 'l' && codePoints[i + 1] == 'l',
                GreekKeraia => i + 1 < codePoints.Length
                    && UnicodeTables.Traits(codePoints[i + 1]).Script == ContextScript.Greek,
                HebrewGeresh or HebrewGershayim => i > 0
                    && UnicodeTables.Traits(codePoints[i - 1]).Script == ContextScript.Hebrew,
                KatakanaMiddleDot => hasKana,
                _ when IsArabicIndicDigit(codePoints[i]) => !hasExtendedArabicIndic,
                _ when IsExtendedArabicIndicDigit(codePoints[i]) => !hasArabicIndic,
                _ => true,
            };
            if (!isRight)
                return i;
        }

        return -1;
    }

    private static bool IsArabicIndicDigit(int codePoint) => codePoint is >= 0x0660 and <= 0x0669;

    private static bool IsExtendedArabicIndicDigit(int codePoint) => codePoint is >= 0x06F0 and <= 0x06F9;

    private static bool FollowsVirama(ReadOnlySpan<int> codePoints, int index) =>
        index > 0 && UnicodeTables.Traits(codePoints[index - 1]).IsVirama;

    // A.1: (Joining_Type:{L,D})(Joining_Type:T)* ZWNJ (Joining_Type:T)*(Joining_Type:{R,D})
    private static bool BreaksJoin(ReadOnlySpan<int> codePoints, int index)
    {
        var before = index - 1;
        while (before >= 0 && JoiningAt(codePoints, before) == JoiningType.Transparent)
            before--;
        var after = index + 1;
        while (after < codePoints.Length && JoiningAt(codePoints, after) == JoiningType.Transparent)
            after++;
        return before >= 0
            && after < codePoints.Length
            && JoiningAt(codePoints, before) is JoiningType.LeftJoining or JoiningType.DualJoining
            && JoiningAt(codePoints, after) is JoiningType.RightJoining or JoiningType.DualJoining;
    }

    private static JoiningType JoiningAt(ReadOnlySpan<int> codePoints, int index) =>
        UnicodeTables.Traits(codePoints[index]).Joining;
}
