using System.Globalization;
using System.Net;
using System.Text;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Transports.Proxies;

/// <summary>A way through an HTTP proxy: CONNECT (RFC 9110 §9.3.6), with Basic (RFC 7617) where there are credentials.</summary>
internal static class HttpTunnel
{
    private const string AuthenticationRequired = "407";

    /// <exception cref="ProxyException">The proxy makes none; the message says what it answered.</exception>
    public static async ValueTask OpenAsync(
        Stream stream, ProxyAnswer answer, ServiceTarget target, NetworkCredential? credentials, CancellationToken cancellationToken)
    {
        var request = $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{Authorization(credentials)}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken).ConfigureAwait(false);
        string status;
        List<string> schemes = [];
        do
        {
            // RFC 9110 §15.2: any number of interim answers may come first.
            status = await answer.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!IsStatus(status))
            {
                throw new ProxyException($"answered what is no HTTP: {answer.Beginning}");
            }

            await ReadFieldsAsync(answer, schemes, cancellationToken).ConfigureAwait(false);
        }
        while (CodeOf(status)[0] == '1');

        // Whatever its fields say, a success has no content: the target's bytes are next.
        if (CodeOf(status)[0] != '2')
        {
            throw new ProxyException($"answered {PeerText.OneLine(status[9..])}{Advice(CodeOf(status), schemes, credentials)}");
        }
    }

    private static bool IsStatus(string line) =>
        line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Length >= 12 && line[8] == ' '
        && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && (line.Length == 12 || line[12] == ' ');

    private static string CodeOf(string status) => status[9..12];

    private static async ValueTask ReadFieldsAsync(ProxyAnswer answer, List<string> schemes, CancellationToken cancellationToken)
    {
        while (await answer.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } field)
        {
            if (field.Split(':', 2) is [var name, var value] && name.Equals("Proxy-Authenticate", StringComparison.OrdinalIgnoreCase))
            {
                schemes.Add(new string([.. value.Trim().TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(20)]));
            }
        }
    }

    private static string Authorization(NetworkCredential? credentials)
    {
        if (credentials is null)
        {
            return "";
        }

        // RFC 7617 §2: the first colon ends the name.
        return credentials.UserName.Contains(':', StringComparison.Ordinal)
            ? throw new ProxyException("cannot be told a user name with a colon in it (RFC 7617)")
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}"))}\r\n";
    }

    private static string Advice(string code, List<string> schemes, NetworkCredential? credentials)
    {
        if (code != AuthenticationRequired)
        {
            return "";
        }

        if (schemes.Count > 0 && !schemes.Contains("Basic", StringComparer.OrdinalIgnoreCase))
        {
            return $": it asks for {string.Join(", ", schemes)}, and only Basic is known here";
        }

        return credentials is null ? ": give Proxy a user name and a password" : ": it does not take the user name and password of Proxy";
    }
}
