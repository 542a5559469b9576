namespace XmppChatClient.Precis;

/// <summary>The two classes of strings of RFC 8264 §4.</summary>
internal static class StringClass
{
    public static string? WhyNotIdentifier(ReadOnlySpan<int> codePoints) => WhyNot(codePoints, isFreeform: false);

    public static string? WhyNotFreeform(ReadOnlySpan<int> codePoints) => WhyNot(codePoints, isFreeform: true);

    /// <summary>The contextual rules, which hold of the finished string: case mapping may make the neighbours that a
    /// code point needs.</summary>
    public static string? WhyOutOfContext(ReadOnlySpan<int> codePoints)
    {
        var broken = ContextRules.FirstBroken(codePoints);
        return broken < 0
            ? null
            : $"contains {CodePoints.Describe(codePoints[broken])} where RFC 5892 appendix A does not allow it";
    }

    private static string? WhyNot(ReadOnlySpan<int> codePoints, bool isFreeform)
    {
        foreach (var codePoint in codePoints)
        {
            var found = UnicodeTables.Traits(codePoint).Precis;
            if (found == PrecisClass.Disallowed || (found == PrecisClass.FreeformOnly && !isFreeform))
                return $"contains {CodePoints.Describe(codePoint)}, "
                    + $"which is not in the {(isFreeform ? "FreeformClass" : "IdentifierClass")} of RFC 8264";
        }

        return null;
    }
}
