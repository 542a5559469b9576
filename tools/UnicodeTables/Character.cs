namespace UnicodeTables;

/// <summary>What UnicodeData.txt says of one code point. The default is an unassigned one.</summary>
internal readonly record struct Character(
    string? Category, byte CombiningClass, string? BidiClass, string? DecompositionType, int[]? Decomposition, int? Lowercase)
{
    public bool IsAssigned => Category is not null;

    public bool HasCanonicalDecomposition => Decomposition is not null && DecompositionType is null;
}
