using System.Globalization;
using XmppChatClient.Precis;

namespace XmppChatClient.Transports;

/// <summary>A host that a server names for a connection to come (RFC 6120 §4.9.3.19, RFC 7395 §3.4, XEP-0198 §3).</summary>
/// <param name="Name">A host name in ASCII, or an IP address without brackets.</param>
/// <param name="Port">1 to 65,535; <see langword="null"/> when none was named.</param>
public sealed record ServerHost(string Name, int? Port)
{
    /// <summary>The whole URI, where one was named: it is nothing for TCP. <see langword="null"/> otherwise.</summary>
    public Uri? Endpoint { get; private init; }

    /// <summary>Where a URI points.</summary>
    public static ServerHost At(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new ServerHost(endpoint.IdnHost, endpoint.Port) { Endpoint = endpoint };
    }

    /// <summary>Reads <c>host</c> or <c>host:port</c>, with an IPv6 address in square brackets.</summary>
    /// <returns><see langword="null"/> when it is neither.</returns>
    public static ServerHost? Read(string? text)
    {
        text = text?.Trim() ?? "";
        var end = text is ['[', ..] ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        var (name, rest) = end < 0 ? (text, "") : (text[..end], text[end..]);
        if (name.Length == 0 || !Idna.TryToUnicode(name, out var unicode, out _))
        {
            return null;
        }

        var host = Idna.ToAscii(unicode).Trim('[', ']');
        return rest switch
        {
            "" => new ServerHost(host, null),
            [':', .. var digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is >= 1 and <= 65_535 => new ServerHost(host, port),
            _ => null,
        };
    }

    public override string ToString()
    {
        if (Endpoint is not null)
        {
            return Endpoint.GetLeftPart(UriPartial.Path);
        }

        var name = Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name;
        return Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{name}:{port}") : name;
    }
}
