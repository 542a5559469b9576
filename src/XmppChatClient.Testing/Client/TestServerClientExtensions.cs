using System.Net;
using XmppChatClient.Testing;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient;

/// <summary>Points a client at a test server or a script.</summary>
public static class TestServerClientExtensions
{
    /// <summary>Has the client log in to an account of a test server: in memory, or over TCP when the server listens. STARTTLS,
    /// the check of the certificate and SASL are as everywhere; only the server's own root is trusted too. Nothing is looked
    /// up in DNS, and there is no proxy unless the options have one.</summary>
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
        options.Proxy ??= new WebProxy();
        var address = direct ? server.DirectTlsEndPoint : server.EndPoint;
        options.Host = (address?.Address ?? IPAddress.Loopback).ToString();
        options.Port = address?.Port;
        if (address is null)
        {
            options.Dialer = new MemoryDialer(server, direct ? ConnectionKind.DirectTls : ConnectionKind.StartTls);
        }

        return options;
    }

    /// <summary>Has a component connect to a test server that expects it: in memory, or over TCP when the server listens for
    /// components.</summary>
    public static XmppComponentOptions UseTestServer(
        this XmppComponentOptions options, XmppTestServer server, TestComponent component)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(component);
        options.Domain = component.Domain.Domain;
        options.Secret = component.Secret;
        options.SecretFile = null;
        options.Host = (server.ComponentEndPoint?.Address ?? IPAddress.Loopback).ToString();
        if (server.ComponentEndPoint is { } address)
        {
            options.Port = address.Port;
        }
        else
        {
            options.Dialer = new MemoryDialer(server, ConnectionKind.Component);
        }

        return options;
    }

    /// <summary>Has a component connect to a script, in memory.</summary>
    public static XmppComponentOptions UseScriptedServer(this XmppComponentOptions options, ScriptedServer server)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(server);
        options.Host = IPAddress.Loopback.ToString();
        options.Dialer = new ScriptDialer(server);
        return options;
    }

    /// <summary>Has the client connect to a script, in memory. Its address and the rest of its options are as they were.
    /// Nothing is looked up in DNS, and there is no proxy unless the options have one.</summary>
    /// <exception cref="ArgumentException">The script does TLS with a certificate of its own making, and the options have no
    /// address to make it for.</exception>
    public static XmppClientOptions UseScriptedServer(this XmppClientOptions options, ScriptedServer server)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(server);
        if (server.NeedsCertificate)
        {
            var domain = options.Jid?.Domain ?? throw new ArgumentException("Give the options a Jid first.", nameof(options));
            options.TrustedCertificates.Add(server.MakeCertificate(domain));
        }

        options.Host = IPAddress.Loopback.ToString();
        options.Proxy ??= new WebProxy();
        options.Dialer = new ScriptDialer(server);
        return options;
    }

    private sealed class ScriptDialer(ScriptedServer server) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) => new(server.Connect());
    }

    private sealed class MemoryDialer(XmppTestServer server, ConnectionKind kind) : IStreamDialer
    {
        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            new(server.Engine.Connect(kind));
    }
}
