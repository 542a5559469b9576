namespace UnicodeTables;

/// <summary>One-to-one mappings as rows of three numbers: the first code point; twice the last one, plus one when only
/// every second code point in between is mapped; the distance to the target.</summary>
internal static class MappingRanges
{
    public static int[] Of(IEnumerable<(int From, int To)> mappings)
    {
        var rows = new List<int>();
        int last = 0, step = 0, distance = 0;
        foreach (var (from, to) in mappings.OrderBy(mapping => mapping.From))
        {
            var gap = from - last;
            if (rows.Count > 0 && to - from == distance && gap is 1 or 2 && (step == 0 || step == gap))
            {
                step = gap;
                last = from;
                rows[^2] = (last << 1) | (step == 2 ? 1 : 0);
                continue;
            }

            (last, step, distance) = (from, 0, to - from);
            rows.AddRange([from, from << 1, distance]);
        }

        return [.. rows];
    }
}
