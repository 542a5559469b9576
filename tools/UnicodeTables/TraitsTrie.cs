namespace UnicodeTables;

/// <summary>Two stages and a table of distinct values; equal blocks are stored once, and the long tail of code points
/// without traits is cut off.</summary>
internal sealed class TraitsTrie
{
    public TraitsTrie(UnicodeDatabase database, int blockShift)
    {
        var traits = new Traits(database);
        // Value 0 must be "nothing at all": it answers for the tail.
        var values = new List<uint> { 0 };
        var indexes = new byte[UnicodeDatabase.Limit];
        var used = 0;
        for (var codePoint = 0; codePoint < UnicodeDatabase.Limit; codePoint++)
        {
            var value = traits.Of(codePoint);
            var index = values.IndexOf(value);
            if (index < 0)
            {
                index = values.Count;
                values.Add(value);
            }

            indexes[codePoint] = checked((byte)index);
            if (index > 0)
                used = codePoint + 1;
        }

        Values = [.. values];
        var blockSize = 1 << blockShift;
        var numbers = new Dictionary<string, ushort>();
        var blocks = new List<byte>();
        var blockNumbers = new List<ushort>();
        for (var start = 0; start < used; start += blockSize)
        {
            var block = indexes.AsSpan(start, blockSize);
            var key = Convert.ToHexString(block);
            if (!numbers.TryGetValue(key, out var number))
            {
                number = checked((ushort)numbers.Count);
                numbers.Add(key, number);
                blocks.AddRange(block);
            }

            blockNumbers.Add(number);
        }

        BlockNumbers = [.. blockNumbers];
        Blocks = [.. blocks];
    }

    public ushort[] BlockNumbers { get; }

    public byte[] Blocks { get; }

    public uint[] Values { get; }
}
