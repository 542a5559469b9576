using System.Runtime.InteropServices;

namespace XmppChatClient.Precis;

/// <summary>Unicode Normalization Form C (UAX #15) by tables of our own. The platform's
/// <see cref="string.Normalize()"/> returns its input unchanged under <c>InvariantGlobalization</c>.</summary>
public static class Nfc
{
    // Beyond this, a run of combining marks is sorted by the library: an insertion sort would let a hostile text cost
    // the square of its length.
    private const int ShortRun = 16;

    /// <returns>The text in form C; the same instance when it is that already.</returns>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Nothing below U+0300 composes with or reorders what stands before it.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;
        if (!CodePoints.TryDecode(text, out var codePoints, out var error))
            throw new ArgumentException($"The text {error}.", nameof(text));
        if (IsNormalized(CollectionsMarshal.AsSpan(codePoints)))
            return text;

        Normalize(codePoints);
        var normal = CodePoints.Encode(CollectionsMarshal.AsSpan(codePoints));
        return normal == text ? text : normal;
    }

    /// <summary>Whether normalising would change anything.</summary>
    internal static bool IsNormal(List<int> codePoints)
    {
        if (IsNormalized(CollectionsMarshal.AsSpan(codePoints)))
            return true;
        var copy = new List<int>(codePoints);
        Normalize(copy);
        return CollectionsMarshal.AsSpan(copy).SequenceEqual(CollectionsMarshal.AsSpan(codePoints));
    }

    internal static void Normalize(List<int> codePoints)
    {
        if (IsNormalized(CollectionsMarshal.AsSpan(codePoints)))
            return;
        var decomposed = new List<int>(codePoints.Count + 8);
        foreach (var codePoint in codePoints)
            Decompose(codePoint, decomposed);
        var span = CollectionsMarshal.AsSpan(decomposed);
        Reorder(span);
        var length = Compose(span);
        codePoints.Clear();
        codePoints.AddRange(span[..length]);
    }

    // The quick check of UAX #15 §9; false means only "not sure".
    private static bool IsNormalized(ReadOnlySpan<int> codePoints)
    {
        var last = 0;
        foreach (var codePoint in codePoints)
        {
            var traits = UnicodeTables.Traits(codePoint);
            var current = traits.CombiningClass;
            if (traits.IsNeverNormal || traits.MayCompose || (current != 0 && current < last))
                return false;
            last = current;
        }

        return true;
    }

    private static void Decompose(int codePoint, List<int> output)
    {
        if (Hangul.IsSyllable(codePoint))
        {
            Hangul.Decompose(codePoint, output);
        }
        else if (UnicodeTables.Traits(codePoint).HasDecomposition)
        {
            var (first, second) = UnicodeTables.Decomposition(codePoint);
            Decompose(first, output);
            if (second != 0)
                Decompose(second, output);
        }
        else
        {
            output.Add(codePoint);
        }
    }

    private static void Reorder(Span<int> codePoints)
    {
        for (var start = 0; start < codePoints.Length; start++)
        {
            var end = start;
            while (end < codePoints.Length && UnicodeTables.Traits(codePoints[end]).CombiningClass != 0)
                end++;
            if (end - start > 1)
                SortMarks(codePoints[start..end]);
            start = end;
        }
    }

    private static void SortMarks(Span<int> marks)
    {
        if (marks.Length > ShortRun)
        {
            // The position in the key keeps marks of the same class in their order.
            var keys = new long[marks.Length];
            for (var i = 0; i < keys.Length; i++)
                keys[i] = ((long)UnicodeTables.Traits(marks[i]).CombiningClass << 32) | (uint)i;
            keys.AsSpan().Sort(marks);
            return;
        }

        for (var i = 1; i < marks.Length; i++)
        {
            var mark = marks[i];
            var combiningClass = UnicodeTables.Traits(mark).CombiningClass;
            var place = i;
            for (; place > 0 && UnicodeTables.Traits(marks[place - 1]).CombiningClass > combiningClass; place--)
                marks[place] = marks[place - 1];
            marks[place] = mark;
        }
    }

    /// <returns>How many code points are left.</returns>
    private static int Compose(Span<int> codePoints)
    {
        const int None = -1;
        var starter = None;
        var between = None;
        var length = 0;
        foreach (var codePoint in codePoints)
        {
            var traits = UnicodeTables.Traits(codePoint);
            int combiningClass = traits.CombiningClass;
            if (starter != None && traits.MayCompose && between < combiningClass)
            {
                var composite = Hangul.Compose(codePoints[starter], codePoint);
                if (composite == 0)
                    composite = UnicodeTables.Composite(codePoints[starter], codePoint);
                if (composite != 0)
                {
                    codePoints[starter] = composite;
                    continue;
                }
            }

            between = combiningClass;
            if (combiningClass == 0)
            {
                starter = length;
                between = None;
            }

            codePoints[length++] = codePoint;
        }

        return length;
    }
}
