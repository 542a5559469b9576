using System.Net;

namespace XmppChatClient.Hosting;

/// <summary>The proxy as configuration writes it: its URI, or <c>none</c>.</summary>
internal static class ProxySetting
{
    private const int SocksPort = 1080;

    /// <exception cref="FormatException">It is neither; the message has nothing of it, since a password may be in it.</exception>
    public static WebProxy Read(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return new WebProxy();
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri is not
            { Scheme: "http" or "https" or "socks5" or "socks5h", Host.Length: > 0, PathAndQuery: "" or "/", Fragment: "" })
        {
            throw new FormatException("it must be none, or a URI such as http://proxy.example.org:3128 or socks5://user:password@127.0.0.1:1080");
        }

        // What HttpClient, which the web's transports use, knows by this name leaves names to the proxy as well.
        var address = new UriBuilder(uri)
        {
            Scheme = uri.Scheme == "socks5h" ? "socks5" : uri.Scheme,
            Port = uri.Port > 0 ? uri.Port : SocksPort,
            UserName = "",
            Password = "",
        };
        var user = uri.UserInfo.Split(':', 2);
        return new WebProxy(address.Uri)
        {
            Credentials = uri.UserInfo.Length == 0
                ? null : new NetworkCredential(Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : ""),
        };
    }
}
