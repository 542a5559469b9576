using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Transports.Proxies;

/// <summary>A way through a SOCKS proxy: CONNECT of version 5 (RFC 1928), with user name and password (RFC 1929) where there are
/// credentials. Names are the proxy's to resolve.</summary>
internal static class SocksTunnel
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte UserAndPassword = 2;
    private const byte NoneOfThem = 0xFF;
    private const int LongestField = 255;

    /// <exception cref="ProxyException">The proxy makes none; the message says what it answered.</exception>
    public static async ValueTask OpenAsync(
        Stream stream, ProxyAnswer answer, ServiceTarget target, NetworkCredential? credentials, CancellationToken cancellationToken)
    {
        byte[] methods = credentials is null ? [NoAuthentication] : [NoAuthentication, UserAndPassword];
        await stream.WriteAsync((byte[])[Version, (byte)methods.Length, .. methods], cancellationToken).ConfigureAwait(false);
        var chosen = await ReadAsync(answer, 2, cancellationToken).ConfigureAwait(false);
        await LogInAsync(stream, answer, methods, chosen.Span[1], credentials, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(Request(target), cancellationToken).ConfigureAwait(false);
        var reply = await ReadAsync(answer, 4, cancellationToken).ConfigureAwait(false);
        if (ProblemOf(reply.Span[1]) is { } problem)
        {
            throw new ProxyException(problem);
        }

        // §6: then the address that it connects from, which is of no use here, and its port.
        var rest = reply.Span[3] switch
        {
            1 => 4,
            3 => (await answer.ReadAsync(1, cancellationToken).ConfigureAwait(false)).Span[0],
            4 => 16,
            var other => throw new ProxyException($"answered with an address of the unknown type {other}"),
        };
        await answer.ReadAsync(rest + 2, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask LogInAsync(
        Stream stream, ProxyAnswer answer, byte[] methods, byte method, NetworkCredential? credentials, CancellationToken cancellationToken)
    {
        if (method == NoneOfThem)
        {
            throw new ProxyException(credentials is null
                ? "wants a login: give Proxy a user name and a password" : "takes no user name and password, nor anybody without");
        }

        if (!methods.Contains(method))
        {
            throw new ProxyException($"chose the login {method}, which it was not offered");
        }

        if (method == NoAuthentication)
        {
            return;
        }

        byte[] login = [1, .. Field(credentials!.UserName, "user name"), .. Field(credentials.Password, "password")];
        await stream.WriteAsync(login, cancellationToken).ConfigureAwait(false);

        // RFC 1929 §2. Some say 5 in the first byte, which is nothing to us.
        var verdict = await answer.ReadAsync(2, cancellationToken).ConfigureAwait(false);
        if (verdict.Span[1] != 0)
        {
            throw new ProxyException("does not take the user name and password of Proxy");
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ProxyAnswer answer, int count, CancellationToken cancellationToken)
    {
        var version = await answer.ReadAsync(1, cancellationToken).ConfigureAwait(false);
        if (version.Span[0] != Version)
        {
            throw new ProxyException(version.Span[0] == 'H'
                ? "answered as one of HTTP: its address may have to begin with http:"
                : $"answered in version {version.Span[0]} and not in version 5 of SOCKS");
        }

        var rest = await answer.ReadAsync(count - 1, cancellationToken).ConfigureAwait(false);
        return (byte[])[Version, .. rest.Span];
    }

    private static byte[] Request(ServiceTarget target)
    {
        byte[] address = !IPAddress.TryParse(target.Host, out var literal)
            ? [3, .. Field(target.Host, "host name")]
            : [(byte)(literal.AddressFamily == AddressFamily.InterNetwork ? 1 : 4), .. literal.GetAddressBytes()];
        var port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)target.Port);
        return [Version, 1, 0, .. address, .. port];
    }

    private static byte[] Field(string text, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length is > 0 and <= LongestField
            ? [(byte)bytes.Length, .. bytes]
            : throw new ProxyException($"can be told a {name} of 1 to {LongestField} bytes only (RFC 1928, RFC 1929)");
    }

    // RFC 1928 §6.
    private static string? ProblemOf(byte reply) => reply switch
    {
        0 => null,
        1 => "answered: general failure",
        2 => "answered: its rules do not allow that",
        3 => "answered: the network is unreachable",
        4 => "answered: the host is unreachable, or not found",
        5 => "answered: the connection was refused",
        6 => "answered: the time to live expired",
        7 => "answered: it cannot connect for its clients",
        8 => "answered: it does not know addresses of that kind",
        _ => $"answered with the unknown reply {reply}",
    };
}
