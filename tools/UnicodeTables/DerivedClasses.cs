namespace UnicodeTables;

/// <summary>The derived properties of RFC 8264 §8 (PRECIS) and RFC 5892 §3 (IDNA), rule by rule in their order.</summary>
internal sealed class DerivedClasses(UnicodeDatabase database)
{
    private static readonly HashSet<int> AlwaysValid = [0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007];

    private static readonly HashSet<int> AlwaysContextual =
    [
        0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB, .. Enumerable.Range(0x0660, 10), .. Enumerable.Range(0x06F0, 10),
    ];

    private static readonly HashSet<int> NeverValid =
        [0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B];

    private readonly HashSet<int> _joinControl = database.Property("PropList.txt", "Join_Control");

    private readonly HashSet<int> _whiteSpace = database.Property("PropList.txt", "White_Space");

    private readonly HashSet<int> _noncharacter = database.Property("PropList.txt", "Noncharacter_Code_Point");

    private readonly HashSet<int> _defaultIgnorable =
        database.Property("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point");

    // A code point changes under NFKC exactly when its quick check says so: RFC 8264 §9.17.
    private readonly HashSet<int> _hasCompatibility = database.Property("DerivedNormalizationProps.txt", "NFKC_QC", "N");

    // NFKC(casefold(NFKC(cp))) != cp of RFC 5892 §2.2; the property adds the default ignorable code points only,
    // and those §2.3 forbids anyway.
    private readonly HashSet<int> _unstable = database.Property("DerivedNormalizationProps.txt", "Changes_When_NFKC_Casefolded");

    private readonly HashSet<int> _ignorableBlocks =
    [
        .. database.Property("Blocks.txt", "Combining Diacritical Marks for Symbols"),
        .. database.Property("Blocks.txt", "Musical Symbols"),
        .. database.Property("Blocks.txt", "Ancient Greek Musical Notation"),
    ];

    private readonly HashSet<int> _oldHangulJamo =
    [
        .. database.Property("HangulSyllableType.txt", "L"),
        .. database.Property("HangulSyllableType.txt", "V"),
        .. database.Property("HangulSyllableType.txt", "T"),
    ];

    public PrecisClass Precis(int codePoint)
    {
        var category = database.Characters[codePoint].Category;
        if (AlwaysValid.Contains(codePoint))
            return PrecisClass.Valid;
        if (AlwaysContextual.Contains(codePoint))
            return PrecisClass.ContextO;
        if (NeverValid.Contains(codePoint))
            return PrecisClass.Disallowed;
        if (category is null)
            return PrecisClass.Disallowed;
        if (codePoint is >= 0x21 and <= 0x7E)
            return PrecisClass.Valid;
        if (_joinControl.Contains(codePoint))
            return PrecisClass.ContextJ;
        if (_oldHangulJamo.Contains(codePoint))
            return PrecisClass.Disallowed;
        if (_defaultIgnorable.Contains(codePoint) || _noncharacter.Contains(codePoint))
            return PrecisClass.Disallowed;
        if (category == "Cc")
            return PrecisClass.Disallowed;
        if (_hasCompatibility.Contains(codePoint))
            return PrecisClass.FreeformOnly;
        if (IsLetterOrDigit(category))
            return PrecisClass.Valid;
        return category is "Lt" or "Nl" or "No" or "Me" or "Zs" || category[0] is 'S' or 'P'
            ? PrecisClass.FreeformOnly
            : PrecisClass.Disallowed;
    }

    public IdnaClass Idna(int codePoint)
    {
        var category = database.Characters[codePoint].Category;
        if (AlwaysValid.Contains(codePoint))
            return IdnaClass.Valid;
        if (AlwaysContextual.Contains(codePoint))
            return IdnaClass.ContextO;
        if (NeverValid.Contains(codePoint))
            return IdnaClass.Disallowed;
        if (category is null)
            return IdnaClass.Disallowed;
        if (codePoint is '-' or (>= '0' and <= '9') or (>= 'a' and <= 'z'))
            return IdnaClass.Valid;
        if (_joinControl.Contains(codePoint))
            return IdnaClass.ContextJ;
        if (_unstable.Contains(codePoint) || _oldHangulJamo.Contains(codePoint) || _ignorableBlocks.Contains(codePoint))
            return IdnaClass.Disallowed;
        if (_whiteSpace.Contains(codePoint)
            || _defaultIgnorable.Contains(codePoint)
            || _noncharacter.Contains(codePoint))
        {
            return IdnaClass.Disallowed;
        }

        return IsLetterOrDigit(category) ? IdnaClass.Valid : IdnaClass.Disallowed;
    }

    private static bool IsLetterOrDigit(string category) => category is "Ll" or "Lu" or "Lo" or "Nd" or "Lm" or "Mn" or "Mc";
}
