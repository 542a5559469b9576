using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using XmppChatClient.Precis;

namespace XmppChatClient;

/// <summary>RFC 7622 §3: where an address splits, and what each part may be.</summary>
internal static class JidSyntax
{
    private const int LongestPart = 1023;
    private const int LongestAddress = LongestPart + 1 + LongestPart + 1 + LongestPart;

    // Unlike the profile, these come after the mappings: U+FF20 becomes the '@' that must not be there.
    private static readonly SearchValues<char> ForbiddenInLocal = SearchValues.Create("\"&'/:<>@");

    private static readonly SearchValues<char> NormalInLocal =
        SearchValues.Create("!#$%()*+,-.0123456789;=?[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <param name="text">The address as it came.</param>
    /// <param name="whole">The same as a string, if the caller has one; used when nothing has to change.</param>
    /// <param name="parts">The normalised address.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TrySplit(
        ReadOnlySpan<char> text, string? whole, out JidText parts, [NotNullWhen(false)] out string? error)
    {
        parts = default;
        if (text.Length > LongestAddress)
        {
            error = "it is longer than three parts of 1023 bytes";
            return false;
        }

        var slash = text.IndexOf('/');
        var domainEnd = slash < 0 ? text.Length : slash;
        var domainStart = text[..domainEnd].IndexOf('@') + 1;
        if (IsNormalAscii(text, domainStart, domainEnd))
        {
            parts = new JidText(whole ?? text.ToString(), (ushort)domainStart, (ushort)domainEnd);
            error = null;
            return true;
        }

        if (!TryNormalizeLocal(domainStart == 0 ? null : text[..(domainStart - 1)].ToString(), out var local, out error)
            || !TryNormalizeDomain(text[domainStart..domainEnd], out var domain, out error)
            || !TryNormalizeResource(slash < 0 ? null : text[(slash + 1)..].ToString(), out var resource, out error))
        {
            return false;
        }

        parts = JidText.Join(local, domain, resource);
        if (whole is not null && parts.Text == whole)
            parts = parts with { Text = whole };
        return true;
    }

    public static bool TryNormalizeLocal(string? local, out string? normal, [NotNullWhen(false)] out string? error)
    {
        normal = null;
        error = null;
        if (local is null)
            return true;

        error = WrongLength(local);
        if (error is null && UsernameCaseMapped.TryEnforce(local, out normal, out error))
            error = Forbidden(normal) ?? WrongLength(normal);
        return Told("local", ref error);
    }

    public static bool TryNormalizeDomain(
        ReadOnlySpan<char> domain, [NotNullWhen(true)] out string? normal, [NotNullWhen(false)] out string? error)
    {
        normal = null;
        // Of the result there is nothing to measure: 253 octets of A-labels hold no 1023 bytes of U-labels.
        error = WrongLength(domain);
        if (error is null && Idna.TryToUnicode(domain, out normal, out error))
            return true;
        error = $"the domain part {error}";
        return false;
    }

    public static bool TryNormalizeResource(string? resource, out string? normal, [NotNullWhen(false)] out string? error)
    {
        normal = null;
        error = null;
        if (resource is null)
            return true;

        error = WrongLength(resource);
        if (error is null && OpaqueString.TryEnforce(resource, out normal, out error))
            error = WrongLength(normal);
        return Told("resource", ref error);
    }

    private static bool IsNormalAscii(ReadOnlySpan<char> text, int domainStart, int domainEnd)
    {
        if (domainStart > 0)
        {
            var local = text[..(domainStart - 1)];
            if (local.Length is 0 or > LongestPart || local.ContainsAnyExcept(NormalInLocal))
                return false;
        }

        if (domainEnd < text.Length)
        {
            var resource = text[(domainEnd + 1)..];
            if (resource.Length is 0 or > LongestPart || resource.ContainsAnyExceptInRange(' ', '~'))
                return false;
        }

        return Idna.IsNormalAscii(text[domainStart..domainEnd]);
    }

    private static string? WrongLength(ReadOnlySpan<char> part) =>
        part.Length == 0 ? "is empty"
        : part.Length > LongestPart || Encoding.UTF8.GetByteCount(part) > LongestPart
            ? "is longer than 1023 bytes of UTF-8"
        : null;

    private static string? Forbidden(string local)
    {
        var index = local.AsSpan().IndexOfAny(ForbiddenInLocal);
        return index < 0 ? null : $"contains {CodePoints.Describe(local[index])}, which RFC 7622 §3.3.1 forbids";
    }

    private static bool Told(string part, [NotNullWhen(false)] ref string? error)
    {
        if (error is null)
            return true;
        error = $"the {part} part {error}";
        return false;
    }
}
