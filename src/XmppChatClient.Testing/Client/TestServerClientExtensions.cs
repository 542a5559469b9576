using System.Net;
using XmppChatClient.Testing;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient;

/// <summary>Points a client at a test server.</summary>
public static class TestServerClientExtensions
{
    /// <summary>Has the client log in to an account of a test server: in memory, or over TCP when the server listens. STARTTLS,
    /// the check of the certificate and SASL are as everywhere; only the server's own root is trusted too. Nothing is looked
    /// up in DNS.</summary>
    public static XmppClientOptions UseTestServer(
        this XmppClientOptions options, XmppTestServer server, TestAccount account)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(account);
        options.Jid = account.Jid;
        options.Password = account.Password;
        options.PasswordFile = null;
        options.TrustedCertificates.Add(server.TrustedRoot);
        var direct = options.Tls == TlsMode.Direct;
        var address = direct ? server.DirectTlsEndPoint : server.EndPoint;
        options.Host = (address?.Address ?? IPAddress.Loopback).ToString();
        options.Port = address?.Port;
        if (address is null)
        {
            options.Dialer = new MemoryDialer(server, direct ? ConnectionKind.DirectTls : ConnectionKind.StartTls);
        }

        return options;
    }

    private sealed class MemoryDialer(XmppTestServer server, ConnectionKind kind) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            new(server.Engine.Connect(kind));
    }
}
