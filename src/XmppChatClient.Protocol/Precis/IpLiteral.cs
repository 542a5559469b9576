using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Precis;

/// <summary>A domain that is no name but an address (RFC 3986 §3.2.2, which RFC 7622 §3.2 points to).</summary>
internal static class IpLiteral
{
    private const int Quads = 4;

    /// <summary>Whether this can only be meant as an IPv4 address: RFC 1123 §2.1 keeps four labels of digits for
    /// them.</summary>
    public static bool LooksLikeIPv4(ReadOnlySpan<char> domain)
    {
        var quads = 1;
        foreach (var character in domain)
        {
            if (character == '.')
                quads++;
            else if (!char.IsAsciiDigit(character))
                return false;
        }

        return quads == Quads;
    }

    /// <summary>Four numbers from 0 to 255, without leading zeros: some systems read those as octal, so what is the
    /// same text would not be the same host.</summary>
    public static bool IsIPv4(ReadOnlySpan<char> domain)
    {
        var quads = 0;
        foreach (var range in domain.Split('.'))
        {
            var quad = domain[range];
            if (quad.Length is 0 or > 3
                || quad.ContainsAnyExceptInRange('0', '9')
                || (quad[0] == '0' && quad.Length > 1)
                || (quad.Length == 3 && quad.SequenceCompareTo("255") > 0))
            {
                return false;
            }

            quads++;
        }

        return quads == Quads;
    }

    /// <returns>The literal in the one text of RFC 5952, brackets included, or <see langword="null"/>.</returns>
    public static string? CanonicalIPv6(ReadOnlySpan<char> domain)
    {
        if (domain is not ['[', .. var inner, ']'])
            return null;
        // The platform also takes ports, prefixes and zones here; a zone means something on one machine only.
        foreach (var character in inner)
            if (!char.IsAsciiHexDigit(character) && character is not (':' or '.'))
                return null;
        return IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : null;
    }
}
