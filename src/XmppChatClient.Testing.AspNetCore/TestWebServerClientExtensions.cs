using XmppChatClient.Testing;

namespace XmppChatClient;

/// <summary>Points a client at the web side of a test server.</summary>
public static class TestWebServerClientExtensions
{
    /// <summary>Has the client log in to an account of a test server over WebSocket, or over BOSH. TLS, the check of the certificate and
    /// SASL are as everywhere; only the server's own root is trusted too. Without TLS the options must say that
    /// <see cref="XmppClientOptions.Tls"/> is <see cref="TlsMode.Disabled"/>.</summary>
    /// <param name="transport">One of those two.</param>
    public static XmppClientOptions UseTestServer(
        this XmppClientOptions options,
        XmppTestWebServer web,
        TestAccount account,
        TransportKind transport = TransportKind.WebSocket)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(web);
        ArgumentNullException.ThrowIfNull(account);
        options.Jid = account.Jid;
        options.Password = account.Password;
        options.PasswordFile = null;
        options.TrustedCertificates.Add(web.Server.TrustedRoot);
        (options.Host, options.Port) = (null, null);
        options.Transport = transport;
        options.Endpoint = transport == TransportKind.Bosh ? web.BoshEndpoint : web.WebSocketEndpoint;
        return options;
    }
}
