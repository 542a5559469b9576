using System.Net;
using XmppChatClient.Precis;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Transports.Proxies;

/// <summary>A proxy that makes ways for TCP, and how to log in to it.</summary>
internal sealed class ProxyServer
{
    private ProxyServer(Uri address, NetworkCredential? credentials)
    {
        (Scheme, Credentials) = (address.Scheme, credentials);
        Target = new ServiceTarget(
            address.IdnHost, address.Port > 0 ? address.Port : IsSocks ? ProxySchemes.SocksPort : address.Scheme == Uri.UriSchemeHttps ? 443 : 80);
    }

    public string Scheme { get; }

    public bool IsSocks => Scheme is not ("http" or "https");

    public bool IsEncrypted => Scheme == "https";

    /// <summary>Where it is.</summary>
    public ServiceTarget Target { get; }

    /// <summary><see langword="null"/> for none.</summary>
    public NetworkCredential? Credentials { get; }

    /// <summary>The proxy on the way to a target, as <see cref="HttpClient"/> would find it for <c>https</c>.</summary>
    /// <param name="name">The target as it is named to the proxy: in ASCII.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    /// <exception cref="XmppConnectionException">The target has no name that could be told to a proxy, or the proxy is of a kind that is not
    /// known.</exception>
    public static ProxyServer? Find(IWebProxy proxy, ServiceTarget target, out ServiceTarget name)
    {
        name = NameOf(target);
        var wanted = new Uri($"https://{name}");
        if (proxy.IsBypassed(wanted) || proxy.GetProxy(wanted) is not { } address || address == wanted)
        {
            return null;
        }

        // HttpClient asks for its credentials by these two names too.
        var isWeb = address.Scheme is "http" or "https";
        var given = proxy.Credentials?.GetCredential(address, isWeb ? "Basic" : address.Scheme);
        var found = new ProxyServer(address, given is { UserName.Length: > 0 } ? given : ProxySchemes.CredentialsIn(address));
        return ProxySchemes.All.Contains(address.Scheme)
            ? found
            : throw new XmppConnectionException(
                $"{target} cannot be reached through {found}: a proxy's address must begin with {ProxySchemes.Listed}");
    }

    /// <summary>Its address, without credentials.</summary>
    public override string ToString() => $"the proxy {Scheme}://{Target}";

    private static ServiceTarget NameOf(ServiceTarget target)
    {
        if (IPAddress.TryParse(target.Host, out _))
        {
            return target;
        }

        try
        {
            return target with { Host = Idna.ToAscii(target.Host) };
        }
        catch (FormatException e)
        {
            // What SRV names need not be a host name.
            throw new XmppConnectionException($"The host {PeerText.OneLine(target.Host)} is not found ({e.Message})", e);
        }
    }
}
