using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using XmppChatClient.Modules;
using XmppChatClient.Session;
using XmppChatClient.Storage;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient;

/// <summary>What a component (XEP-0114 v1.6.1) needs to know. Read once, when its client is made.</summary>
public sealed class XmppComponentOptions
{
    /// <summary>The domain that the component speaks for, such as <c>quiz.example.org</c>, required. Every address in it is the
    /// component's.</summary>
    public string? Domain { get; set; }

    /// <summary>What the server was told to expect of this component; it is never sent. Default none: this or
    /// <see cref="SecretFile"/> is required.</summary>
    public string? Secret { get; set; }

    /// <summary>A file whose first line is the secret, read at each login, instead of <see cref="Secret"/>. Default none.
    /// </summary>
    public string? SecretFile { get; set; }

    /// <summary>The host name or IP address of the server, which is reached without a proxy. Default <c>localhost</c>.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>The server's port for components, 1 to 65,535. Default 5347, as Prosody has it; no port is registered.</summary>
    public int Port { get; set; } = 5347;

    /// <summary>XEP-0114 has no TLS of its own. With <see cref="TlsMode.Required"/>, the default, only a server on this machine is
    /// connected to, in the clear; with <see cref="TlsMode.Direct"/> any, with TLS from the first byte and a certificate for
    /// <see cref="Host"/>; with <see cref="TlsMode.Disabled"/> any, in the clear: for networks where nobody else can
    /// read or change what is sent.</summary>
    public TlsMode Tls { get; set; }

    /// <summary>As <see cref="XmppClientOptions.TrustedRoots"/>.</summary>
    public string? TrustedRoots { get; set; }

    /// <summary>As <see cref="XmppClientOptions.TrustedCertificates"/>.</summary>
    public X509Certificate2Collection TrustedCertificates { get; } = [];

    public LimitOptions Limits { get; } = new();

    public TimeoutOptions Timeouts { get; } = new();

    public ReconnectOptions Reconnect { get; } = new();

    /// <summary>Extensions to use, each of a type of its own, in the order in which they see stanzas. Those of an account, such
    /// as the roster, have nothing to work with here.</summary>
    public IList<IXmppModule> Modules { get; } = [];

    /// <summary>How to connect. Default as the options above say. One of your own sees to what <see cref="Tls"/> is for, and to the
    /// stream's namespace, <c>jabber:component:accept</c>, which nothing above it knows.</summary>
    public IXmppConnector? Connector { get; set; }

    /// <summary>As <see cref="XmppClientOptions.Dialer"/>.</summary>
    public IStreamDialer? Dialer { get; set; }

    /// <summary>As <see cref="XmppClientOptions.Store"/>; there is no session that another process could go on with.</summary>
    public IXmppStore? Store { get; set; }

    /// <summary>Default: logs nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The clock of every timeout and delay. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Makes the ids of stanzas. Default 96 random bits.</summary>
    public Func<string> NewId { get; set; } = StanzaIds.Next;

    /// <summary>Checks everything that can be checked without a network.</summary>
    /// <exception cref="ArgumentException">Something is missing or out of range; the message begins with the option's
    /// name as configuration writes it, such as <c>Limits:Depth</c>.</exception>
    public void Validate() => _ = ToClientOptions();

    /// <summary>What a client takes: the differences are the handshake, and the addresses of stanzas.</summary>
    /// <exception cref="ArgumentException">As <see cref="Validate"/>.</exception>
    internal XmppClientOptions ToClientOptions()
    {
        Require(!string.IsNullOrEmpty(Domain), "Domain is missing: give the component's domain, such as quiz.example.org");
        Require(
            Jid.TryParse(Domain, out var domain) && domain is { Local: null, Resource: null },
            $"Domain is no domain: {Domain}");
        Require(Secret is not "", "Secret is empty");
        Require(Secret is null || SecretFile is null, "SecretFile and Secret are both set: set one");
        Require(Secret is not null || SecretFile is not null, "Secret is missing: set Secret or SecretFile");
        Require(SecretFile is null || File.Exists(SecretFile), $"SecretFile names no file: {SecretFile}");
        var options = new XmppClientOptions
        {
            IsComponent = true,
            Jid = domain,
            Password = Secret,
            PasswordFile = SecretFile,
            Host = Host,
            Port = Port,
            Tls = Tls,
            Proxy = new WebProxy(),
            TrustedRoots = TrustedRoots,
            TrustedCertificates = TrustedCertificates,
            Presence = null,
            Limits = Limits,
            Timeouts = Timeouts,
            Reconnect = Reconnect,
            Modules = Modules,
            Connector = Connector,
            Dialer = Dialer,
            Store = Store,
            LoggerFactory = LoggerFactory,
            TimeProvider = TimeProvider,
            NewId = NewId,
        };
        options.StreamManagement.Enabled = false;
        options.Validate();
        return options;
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException($"{problem}.");
        }
    }
}
