namespace UnicodeTables;

/// <summary>Packs all that the product asks about one code point into 32 bits; its CodePointTraits reads them.</summary>
internal sealed class Traits(UnicodeDatabase database)
{
    private static readonly string[] BidiClasses = ["L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"];
    private static readonly uint OtherBidiClass = (uint)BidiClasses.Length;

    private readonly DerivedClasses _derived = new(database);

    private readonly HashSet<int>[] _joiningTypes =
    [
        .. new[] { "L", "R", "D", "T" }.Select(type => database.Property("extracted/DerivedJoiningType.txt", type)),
    ];

    private readonly HashSet<int>[] _scripts =
    [
        database.Property("Scripts.txt", "Greek"),
        database.Property("Scripts.txt", "Hebrew"),
        [
            .. database.Property("Scripts.txt", "Hiragana"),
            .. database.Property("Scripts.txt", "Katakana"),
            .. database.Property("Scripts.txt", "Han"),
        ],
    ];

    private readonly HashSet<int> _neverComposed = database.Property("DerivedNormalizationProps.txt", "NFC_QC", "N");

    private readonly HashSet<int> _maybeComposed = database.Property("DerivedNormalizationProps.txt", "NFC_QC", "M");

    public uint Of(int codePoint)
    {
        var character = database.Characters[codePoint];
        var precis = _derived.Precis(codePoint);
        var idna = _derived.Idna(codePoint);
        var traits = (uint)precis | ((uint)idna << 3);

        // The other questions are only asked of text that may pass, so the rest can share one record.
        if (precis != PrecisClass.Disallowed || idna != IdnaClass.Disallowed)
        {
            var bidi = Array.IndexOf(BidiClasses, character.BidiClass);
            traits |= (bidi < 0 ? OtherBidiClass : (uint)bidi) << 5;
            traits |= IndexOf(_joiningTypes, codePoint) << 9;
            traits |= IndexOf(_scripts, codePoint) << 12;
            traits |= Flag(character.Category![0] == 'M', 14);
            traits |= Flag(character.Category == "Zs" && codePoint != ' ', 15);
        }

        traits |= Flag(_neverComposed.Contains(codePoint), 16);
        traits |= Flag(_maybeComposed.Contains(codePoint), 17);
        traits |= Flag(character.HasCanonicalDecomposition, 18);
        traits |= Flag(character.Lowercase is not null, 19);
        traits |= Flag(character.DecompositionType is "wide" or "narrow", 20);
        return traits | ((uint)character.CombiningClass << 24);
    }

    private static uint IndexOf(HashSet<int>[] sets, int codePoint) =>
        (uint)(Array.FindIndex(sets, set => set.Contains(codePoint)) + 1);

    private static uint Flag(bool value, int bit) => value ? 1u << bit : 0;
}
