using System.Net;

namespace XmppChatClient.Transports.Proxies;

/// <summary>How the address of a proxy begins.</summary>
internal static class ProxySchemes
{
    /// <summary>RFC 1928 §3.</summary>
    public const int SocksPort = 1080;

    /// <summary>For messages.</summary>
    public const string Listed = "http:, https:, socks5: or socks5h:";

    /// <summary>The last two are the same here: names are the proxy's to resolve.</summary>
    public static IReadOnlyList<string> All { get; } = ["http", "https", "socks5", "socks5h"];

    /// <summary>What stands before the @.</summary>
    /// <returns><see langword="null"/> when nothing does.</returns>
    public static NetworkCredential? CredentialsIn(Uri address)
    {
        if (address.UserInfo.Length == 0)
        {
            return null;
        }

        var parts = address.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
