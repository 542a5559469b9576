using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace XmppChatClient.Precis;

/// <summary>The PRECIS profile for names of accounts in which case does not count (RFC 8265 §3.3). It is not all that
/// an address asks of its local part: RFC 7622 §3.3.1 forbids eight more characters.</summary>
public static class UsernameCaseMapped
{
    /// <summary>Maps widths and case, normalises, and checks what is left.</summary>
    /// <param name="text">The name as the user or a peer wrote it, of any length.</param>
    /// <param name="result">The one form under which names are compared.</param>
    /// <param name="error">What is wrong, to be read after the name of what was checked, as in <c>is empty</c>. It
    /// may quote a character of the text.</param>
    public static bool TryEnforce(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out string? result, [NotNullWhen(false)] out string? error)
    {
        result = null;
        error = null;
        if (!text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~'))
        {
            result = string.Create(text.Length, text, static (lower, text) => Ascii.ToLower(text, lower, out _));
            return true;
        }

        if (!CodePoints.TryDecode(text, out var codePoints, out error))
            return false;
        CodePoints.MapWidths(codePoints);
        error = StringClass.WhyNotIdentifier(CollectionsMarshal.AsSpan(codePoints));
        if (error is not null)
            return false;

        codePoints = CodePoints.ToLowercase(codePoints);
        Nfc.Normalize(codePoints);
        var enforced = CollectionsMarshal.AsSpan(codePoints);
        error = enforced.IsEmpty ? "is empty"
            : BidiRule.Concerns(enforced) && !BidiRule.IsMetBy(enforced)
                ? "mixes writing directions against the Bidi rule of RFC 5893"
            : StringClass.WhyNotIdentifier(enforced) ?? StringClass.WhyOutOfContext(enforced);
        if (error is not null)
            return false;
        result = CodePoints.Encode(enforced);
        return true;
    }
}
