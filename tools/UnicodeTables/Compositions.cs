namespace UnicodeTables;

/// <summary>Canonical decompositions as rows of composite, first and second code point (0 when there is none), in the
/// order of the composites, and the numbers of the rows that compose again, in the order of (first, second). Rows that
/// fit 16 bits have a table of their own.</summary>
internal sealed class Compositions
{
    public Compositions(UnicodeDatabase database, bool isBasic)
    {
        var excluded = database.Property("DerivedNormalizationProps.txt", "Full_Composition_Exclusion");
        var rows = new List<int>();
        var composing = new List<(int First, int Second, ushort Row)>();
        for (var codePoint = 0; codePoint < UnicodeDatabase.Limit; codePoint++)
        {
            var character = database.Characters[codePoint];
            if (!character.HasCanonicalDecomposition)
                continue;
            var parts = character.Decomposition!;
            if (isBasic != (codePoint <= 0xFFFF && parts.All(part => part <= 0xFFFF)))
                continue;
            var second = parts.Length == 2 ? parts[1] : 0;
            if (!excluded.Contains(codePoint))
                composing.Add((parts[0], second, checked((ushort)(rows.Count / 3))));
            rows.AddRange([codePoint, parts[0], second]);
        }

        Rows = [.. rows];
        ComposingRows = [.. composing.Order().Select(entry => entry.Row)];
    }

    public int[] Rows { get; }

    public ushort[] ComposingRows { get; }
}
