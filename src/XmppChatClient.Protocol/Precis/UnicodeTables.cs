namespace XmppChatClient.Precis;

/// <summary>The Unicode data behind normalisation, PRECIS and IDNA. The platform's own is not used: it comes in any
/// version, and under <c>InvariantGlobalization</c> not at all.</summary>
public static partial class UnicodeTables
{
    private const int NumbersInRow = 3;

    internal static CodePointTraits Traits(int codePoint)
    {
        var block = codePoint >> BlockShift;
        if (block >= TraitsBlockNumbers.Length)
            return default;
        var start = TraitsBlockNumbers[block] << BlockShift;
        return new CodePointTraits(TraitsValues[TraitsBlocks[start + (codePoint & ((1 << BlockShift) - 1))]]);
    }

    /// <summary>One step of canonical decomposition of a code point that has one; the second part is 0 when there is
    /// none.</summary>
    internal static (int First, int Second) Decomposition(int codePoint)
    {
        for (int low = 0, high = (BasicDecompositions.Length / NumbersInRow) - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var row = BasicDecompositions.Slice(middle * NumbersInRow, NumbersInRow);
            if (row[0] == codePoint)
                return (row[1], row[2]);
            if (row[0] < codePoint)
                low = middle + 1;
            else
                high = middle - 1;
        }

        for (int low = 0, high = (OtherDecompositions.Length / NumbersInRow) - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var row = OtherDecompositions.Slice(middle * NumbersInRow, NumbersInRow);
            if (row[0] == codePoint)
                return (row[1], row[2]);
            if (row[0] < codePoint)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return (codePoint, 0);
    }

    /// <summary>The primary composite of two code points, or 0.</summary>
    internal static int Composite(int first, int second)
    {
        var key = Key(first, second);
        for (int low = 0, high = BasicCompositions.Length - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var row = BasicDecompositions.Slice(BasicCompositions[middle] * NumbersInRow, NumbersInRow);
            var found = Key(row[1], row[2]);
            if (found == key)
                return row[0];
            if (found < key)
                low = middle + 1;
            else
                high = middle - 1;
        }

        foreach (var number in OtherCompositions)
        {
            var row = OtherDecompositions.Slice(number * NumbersInRow, NumbersInRow);
            if (row[1] == first && row[2] == second)
                return row[0];
        }

        return 0;

        static long Key(int first, int second) => ((long)first << 32) | (uint)second;
    }

    /// <summary>The one code point that is the lowercase, without regard to language and neighbours.</summary>
    internal static int Lowercase(int codePoint) => Map(LowercaseRanges, codePoint);

    /// <summary>What a fullwidth or halfwidth variant is a variant of.</summary>
    internal static int WidthMapping(int codePoint) => Map(WidthRanges, codePoint);

    // Rows of the first code point, twice the last (plus one: only every second is mapped), and the distance.
    private static int Map(ReadOnlySpan<int> ranges, int codePoint)
    {
        for (int low = 0, high = (ranges.Length / NumbersInRow) - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var row = ranges.Slice(middle * NumbersInRow, NumbersInRow);
            if (codePoint < row[0])
                high = middle - 1;
            else if (codePoint > row[1] >> 1)
                low = middle + 1;
            else
                return (row[1] & 1) != 0 && ((codePoint - row[0]) & 1) != 0 ? codePoint : codePoint + row[2];
        }

        return codePoint;
    }
}
