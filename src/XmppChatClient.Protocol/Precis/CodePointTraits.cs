namespace XmppChatClient.Precis;

/// <summary>What the tables know of one code point, in the 32 bits that tools/UnicodeTables packs.</summary>
internal readonly struct CodePointTraits(uint bits)
{
    public PrecisClass Precis => (PrecisClass)(bits & 7);

    public IdnaClass Idna => (IdnaClass)((bits >> 3) & 3);

    public BidiClass Bidi => (BidiClass)((bits >> 5) & 15);

    public JoiningType Joining => (JoiningType)((bits >> 9) & 7);

    public ContextScript Script => (ContextScript)((bits >> 12) & 3);

    public bool IsMark => Has(14);

    public bool IsNonAsciiSpace => Has(15);

    /// <summary>Never in normalised text (NFC_QC=No).</summary>
    public bool IsNeverNormal => Has(16);

    /// <summary>May join what stands before it (NFC_QC=Maybe).</summary>
    public bool MayCompose => Has(17);

    /// <summary>Has a row in the tables; Hangul syllables decompose by arithmetic and have none.</summary>
    public bool HasDecomposition => Has(18);

    public bool HasLowercase => Has(19);

    /// <summary>Is a fullwidth or halfwidth variant of another code point.</summary>
    public bool HasWidthMapping => Has(20);

    public byte CombiningClass => (byte)(bits >> 24);

    /// <summary>Canonical_Combining_Class=Virama.</summary>
    public bool IsVirama => CombiningClass == 9;

    private bool Has(int bit) => (bits & (1u << bit)) != 0;
}
