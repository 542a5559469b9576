using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace XmppChatClient.Precis;

/// <summary>Internationalised domain names (IDNA2008, RFC 5890 to 5893) as RFC 7622 §3.2 uses them. IP addresses pass
/// too, IPv6 in square brackets. ASCII labels may have underscores, which private networks use though host names must
/// not have them.</summary>
public static class Idna
{
    private const int LongestName = 253;

    // No name in reason comes near; decomposed text before normalisation may be longer than what it becomes.
    private const int LongestInput = 1023;

    /// <summary>The form for people, in which addresses are compared: lowercase, normalised, A-labels as U-labels, no
    /// dot at the end; IP addresses in their one canonical text.</summary>
    /// <param name="domain">What may be a domain name.</param>
    /// <param name="unicode">The normalised name.</param>
    /// <param name="error">What is wrong, to be read after the name of what was checked, as in <c>is empty</c>.</param>
    public static bool TryToUnicode(
        ReadOnlySpan<char> domain, [NotNullWhen(true)] out string? unicode, [NotNullWhen(false)] out string? error)
    {
        unicode = null;
        error = null;
        if (IsNormalAscii(domain))
        {
            unicode = domain.ToString();
            return true;
        }

        if (domain is ['[', ..])
        {
            unicode = domain.Length > LongestInput ? null : IpLiteral.CanonicalIPv6(domain);
            error = unicode is null ? "has square brackets but no IPv6 address in them" : null;
            return unicode is not null;
        }

        if (!TryMap(domain, out var mapped, out error))
            return false;
        if (mapped.EndsWith('.'))
            mapped = mapped[..^1];
        error = mapped.Length == 0 ? "is empty"
            : IpLiteral.LooksLikeIPv4(mapped) && !IpLiteral.IsIPv4(mapped) ? "looks like an IPv4 address but is none"
            : null;
        return error is null && TryJoin(mapped.Split('.'), out unicode, out error);
    }

    /// <summary>The form for DNS and TLS: what is not ASCII becomes an A-label, <c>xn--…</c>. An IPv6 address keeps
    /// its brackets.</summary>
    /// <exception cref="FormatException">It is no domain name; the message says why.</exception>
    public static string ToAscii(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (IsNormalAscii(domain))
            return domain;
        if (!TryToUnicode(domain, out var unicode, out var error))
            throw new FormatException($"Not a domain name: it {error}.");
        return Ascii.IsValid(unicode) ? unicode : string.Join('.', unicode.Split('.').Select(ToAsciiLabel));
    }

    /// <summary>Whether it is a valid domain that normalising leaves as it is, all in ASCII and without A-labels.</summary>
    internal static bool IsNormalAscii(ReadOnlySpan<char> domain)
    {
        if (domain.Length > LongestName)
            return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (DomainLabel.WhyNotAscii(label) is not null || label.StartsWith(DomainLabel.Prefix))
                return false;
        }

        return !IpLiteral.LooksLikeIPv4(domain) || IpLiteral.IsIPv4(domain);
    }

    private static bool TryMap(
        ReadOnlySpan<char> domain, [NotNullWhen(true)] out string? mapped, [NotNullWhen(false)] out string? error)
    {
        mapped = null;
        error = domain.Length > LongestInput ? "is longer than 253 octets" : null;
        if (error is not null || !CodePoints.TryDecode(domain, out var codePoints, out error))
            return false;
        CodePoints.MapWidths(codePoints);
        codePoints = CodePoints.ToLowercase(codePoints);
        Nfc.Normalize(codePoints);
        mapped = CodePoints.Encode(CollectionsMarshal.AsSpan(codePoints));
        return true;
    }

    private static bool TryJoin(
        string[] labels, [NotNullWhen(true)] out string? unicode, [NotNullWhen(false)] out string? error)
    {
        unicode = null;
        error = null;
        var octets = labels.Length - 1;
        for (var i = 0; i < labels.Length; i++)
        {
            if (!DomainLabel.TryNormalize(labels[i], out var label, out var asciiLength, out error))
                return false;
            labels[i] = label;
            octets += asciiLength;
        }

        error = octets > LongestName ? "is longer than 253 octets in ASCII form"
            : MixesDirections(labels) ? "mixes writing directions against the Bidi rule of RFC 5893"
            : null;
        if (error is not null)
            return false;
        unicode = string.Join('.', labels);
        return true;
    }

    // RFC 5893 §1.4: one label written from right to left binds all the others of the name.
    private static bool MixesDirections(string[] labels)
    {
        var concerns = false;
        var isMet = true;
        foreach (var label in labels)
        {
            if (!CodePoints.TryDecode(label, out var codePoints, out _))
                return true;
            concerns |= BidiRule.Concerns(CollectionsMarshal.AsSpan(codePoints));
            isMet &= BidiRule.IsMetBy(CollectionsMarshal.AsSpan(codePoints));
        }

        return concerns && !isMet;
    }

    private static string ToAsciiLabel(string label) =>
        Ascii.IsValid(label) ? label : DomainLabel.Prefix + Punycode.Encode(label);
}
