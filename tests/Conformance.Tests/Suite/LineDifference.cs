namespace XmppChatClient.Conformance.Tests;

/// <summary>One place where a record differs from the expected one: the line before it, lines taken away, lines put instead.</summary>
internal sealed record LineDifference(string Text)
{
    /// <summary>The differences in order, each as its lines with a blank, a minus or a plus in front.</summary>
    public static IReadOnlyList<LineDifference> Between(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var common = LongestCommon(expected, actual);
        var differences = new List<LineDifference>();
        var hunk = new List<string>();
        int i = 0, j = 0;
        while (i < expected.Count || j < actual.Count)
        {
            if (i < expected.Count && j < actual.Count && expected[i] == actual[j])
            {
                Flush();
                (i, j) = (i + 1, j + 1);
                continue;
            }

            if (hunk.Count == 0 && i > 0)
                hunk.Add(" " + expected[i - 1]);
            if (j == actual.Count || (i < expected.Count && common[i + 1, j] >= common[i, j + 1]))
                hunk.Add("-" + expected[i++]);
            else
                hunk.Add("+" + actual[j++]);
        }

        Flush();
        return differences;

        void Flush()
        {
            if (hunk.Count > 0)
                differences.Add(new LineDifference(string.Join('\n', hunk)));
            hunk.Clear();
        }
    }

    private static int[,] LongestCommon(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var length = new int[one.Count + 1, other.Count + 1];
        for (var i = one.Count - 1; i >= 0; i--)
        {
            for (var j = other.Count - 1; j >= 0; j--)
                length[i, j] = one[i] == other[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }

        return length;
    }
}
