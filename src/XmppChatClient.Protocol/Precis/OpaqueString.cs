using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace XmppChatClient.Precis;

/// <summary>The PRECIS profile for passwords (RFC 8265 §4.2), which is also that of an address's resource
/// (RFC 7622 §3.4). Case counts, and spaces may stand anywhere.</summary>
public static class OpaqueString
{
    /// <summary>Makes every space U+0020, normalises, and checks what is left.</summary>
    /// <param name="text">The text as the user or a peer wrote it, of any length.</param>
    /// <param name="result">The one form under which texts are compared.</param>
    /// <param name="error">What is wrong, to be read after the name of what was checked, as in <c>is empty</c>. It
    /// may quote a character of the text, so it does not belong into the log when the text is a password.</param>
    public static bool TryEnforce(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out string? result, [NotNullWhen(false)] out string? error)
    {
        result = null;
        error = null;
        if (!text.IsEmpty && !text.ContainsAnyExceptInRange(' ', '~'))
        {
            result = text.ToString();
            return true;
        }

        if (!CodePoints.TryDecode(text, out var codePoints, out error))
            return false;
        error = StringClass.WhyNotFreeform(CollectionsMarshal.AsSpan(codePoints));
        if (error is not null)
            return false;

        foreach (ref var codePoint in CollectionsMarshal.AsSpan(codePoints))
            if (UnicodeTables.Traits(codePoint).IsNonAsciiSpace)
                codePoint = ' ';
        Nfc.Normalize(codePoints);
        var enforced = CollectionsMarshal.AsSpan(codePoints);
        error = enforced.IsEmpty ? "is empty"
            : StringClass.WhyNotFreeform(enforced) ?? StringClass.WhyOutOfContext(enforced);
        if (error is not null)
            return false;
        result = CodePoints.Encode(enforced);
        return true;
    }
}
