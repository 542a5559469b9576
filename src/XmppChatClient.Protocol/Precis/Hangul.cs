namespace XmppChatClient.Precis;

/// <summary>Hangul syllables compose and decompose by arithmetic (Unicode §3.12).</summary>
internal static class Hangul
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLeading = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeTrailing = 0x11A7;
    private const int Leadings = 19;
    private const int Vowels = 21;
    private const int Trailings = 28;
    private const int Syllables = Leadings * Vowels * Trailings;

    public static bool IsSyllable(int codePoint) => codePoint is >= FirstSyllable and < FirstSyllable + Syllables;

    public static void Decompose(int syllable, List<int> output)
    {
        var (pair, trailing) = Math.DivRem(syllable - FirstSyllable, Trailings);
        var (leading, vowel) = Math.DivRem(pair, Vowels);
        output.Add(FirstLeading + leading);
        output.Add(FirstVowel + vowel);
        if (trailing != 0)
            output.Add(BeforeTrailing + trailing);
    }

    /// <returns>The syllable, or 0.</returns>
    public static int Compose(int first, int second)
    {
        var leading = first - FirstLeading;
        var vowel = second - FirstVowel;
        if (leading is >= 0 and < Leadings && vowel is >= 0 and < Vowels)
            return FirstSyllable + (((leading * Vowels) + vowel) * Trailings);

        var trailing = second - BeforeTrailing;
        var isOpenSyllable = IsSyllable(first) && (first - FirstSyllable) % Trailings == 0;
        return isOpenSyllable && trailing is > 0 and < Trailings ? first + trailing : 0;
    }
}
