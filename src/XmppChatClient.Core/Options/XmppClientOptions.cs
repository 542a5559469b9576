using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using XmppChatClient.Modules;
using XmppChatClient.Session;
using XmppChatClient.Storage;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Bosh;
using XmppChatClient.Transports.Proxies;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Transports.Web;
using XmppChatClient.Transports.WebSocket;

namespace XmppChatClient;

/// <summary>What a client needs to know. Read once, when the client is made.</summary>
public sealed class XmppClientOptions
{
    /// <summary>Our address, required. With a resource, that resource is asked for; without a local part
    /// (<c>chat.example</c>) the login is anonymous.</summary>
    public Jid? Jid { get; set; }

    /// <summary>The account's password. Default none.</summary>
    public string? Password { get; set; }

    /// <summary>A file whose first line is the password, read at each login, instead of <see cref="Password"/>. Default
    /// none.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Default <see cref="TransportKind.Tcp"/>.</summary>
    public TransportKind Transport { get; set; }

    /// <summary>Where the server's WebSocket is, such as <c>wss://example.org/xmpp-websocket</c>, or its BOSH, such as
    /// <c>https://example.org/http-bind</c>; <c>ws:</c> and <c>http:</c> only where <see cref="Tls"/> is <see cref="TlsMode.Disabled"/>. The certificate must be that of the host in it, as in HTTPS.
    /// Of no use over TCP. Default what the domain says in its host-meta file (XEP-0156), read over https.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>A host name or IP address to connect to instead of what DNS SRV says of the JID's domain. The certificate
    /// must still be the domain's. For TCP alone. Default none.</summary>
    public string? Host { get; set; }

    /// <summary>1 to 65,535. Default 5222 (5223 for direct TLS). Setting it alone skips the SRV lookup too. For TCP alone.
    /// </summary>
    public int? Port { get; set; }

    /// <summary>What says through which proxy a server is reached: HTTP or SOCKS5, asked for with <c>https://host:port</c>, whatever the
    /// transport. Its <c>Credentials</c> are Basic ones, or SOCKS's user name and password. A proxy is
    /// told the names of hosts and resolves them; SRV records are still asked of DNS. Default <see langword="null"/>:
    /// <see cref="HttpClient.DefaultProxy"/>, which on most systems reads <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c> and <c>NO_PROXY</c>.
    /// <c>new WebProxy()</c> is none.</summary>
    public IWebProxy? Proxy { get; set; }

    /// <summary>Default <see cref="TlsMode.Required"/>.</summary>
    public TlsMode Tls { get; set; }

    /// <summary>A PEM file of certificates to trust in addition to the system's, read when the client is made and at each
    /// connection that needs it. Default none.</summary>
    public string? TrustedRoots { get; set; }

    /// <summary>Certificates to trust in addition to the system's and those of <see cref="TrustedRoots"/>. Not disposed with
    /// the client. Default empty.</summary>
    public X509Certificate2Collection TrustedCertificates { get; internal init; } = [];

    /// <summary>A PFX file, or a PEM file with certificate and key, to show to the server; used for SASL EXTERNAL when
    /// offered. Default none.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary>The password of <see cref="ClientCertificate"/>. Default none.</summary>
    public string? ClientCertificatePassword { get; set; }

    /// <summary>Lets the password itself be sent, over TLS only, to a server that offers nothing better than SASL PLAIN.
    /// Default <see langword="false"/>.</summary>
    public bool AllowPlain { get; set; }

    /// <summary>The presence sent when a session starts; <see langword="null"/> sends none.</summary>
    public PresenceOptions? Presence { get; set; } = new();

    public LimitOptions Limits { get; internal init; } = new();

    public TimeoutOptions Timeouts { get; internal init; } = new();

    public ReconnectOptions Reconnect { get; internal init; } = new();

    public StreamManagementOptions StreamManagement { get; } = new();

    public LoginOptions Login { get; } = new();

    /// <summary>Of use over <see cref="TransportKind.Bosh"/> alone.</summary>
    public BoshOptions Bosh { get; } = new();

    /// <summary>Extensions to use, each of a type of its own, in the order in which they see stanzas.</summary>
    public IList<IXmppModule> Modules { get; internal init; } = [];

    /// <summary>How to connect. Default as the options above say.</summary>
    public IXmppConnector? Connector { get; set; }

    /// <summary>What opens the connections of TCP, those below a WebSocket and BOSH too. Of no use beside a <see cref="Connector"/> of your own. Not disposed with
    /// the client. Default sockets.</summary>
    public IStreamDialer? Dialer { get; set; }

    /// <summary>Keeps what must outlive this process: messages accepted for sending, messages that came and are not handled, the
    /// session, and notes of modules. Used by one client at a time; not disposed with it. Default <see langword="null"/>: all of
    /// that ends with the client.</summary>
    public IXmppStore? Store { get; set; }

    /// <summary>Default: logs nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The clock of every timeout and delay. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Makes the ids of stanzas. Default 96 random bits.</summary>
    public Func<string> NewId { get; set; } = StanzaIds.Next;

    /// <summary>What domains said of themselves.</summary>
    internal FileMemory HostMeta { get; } = new();

    /// <summary>Whether this is a component, which <see cref="XmppComponentOptions"/> made these options of.</summary>
    internal bool IsComponent { get; init; }

    /// <summary>What tells of changes of the network. Default the platform.</summary>
    internal INetworkChanges Network { get; set; } = NetworkChanges.Instance;

    /// <summary>Checks everything that can be checked without a network.</summary>
    /// <exception cref="ArgumentException">Something is missing or out of range; the message begins with the option's
    /// name as configuration writes it, such as <c>Limits:Depth</c>.</exception>
    public void Validate()
    {
        Require(Jid is not null, "Jid", "is missing: give the account's address, such as bot@example.org");
        Require(Password is not "", "Password", "is empty");
        Require(Password is null || PasswordFile is null, "PasswordFile", "and Password are both set: set one");
        Require(
            Jid!.Local is null || Password is not null || PasswordFile is not null || ClientCertificate is not null,
            "Password", "is missing: set Password, PasswordFile or ClientCertificate");
        Require(PasswordFile is null || File.Exists(PasswordFile), "PasswordFile", $"names no file: {PasswordFile}");
        Require(Host is null || Uri.CheckHostName(Host) != UriHostNameType.Unknown, "Host", "is no host name or IP address");
        Require(Port is null or (>= 1 and <= 65_535), "Port", "must be 1 to 65535");
        Require(Enum.IsDefined(Tls), "Tls", "must be Required, Direct or Disabled");
        Require(
            Proxy is not WebProxy { Address: { } proxy } || ProxySchemes.All.Contains(proxy.Scheme),
            "Proxy", $"must begin with {ProxySchemes.Listed}");
        ValidateTransport();
        Require(TrustedRoots is null || File.Exists(TrustedRoots), "TrustedRoots", $"names no file: {TrustedRoots}");
        Require(
            ClientCertificate is null || File.Exists(ClientCertificate),
            "ClientCertificate", $"names no file: {ClientCertificate}");
        Require(Limits.StanzaBytes >= 10_000, "Limits:StanzaBytes", "must be at least 10000 (RFC 6120 §13.12)");
        Require(Limits.Depth is >= 8 and <= 1024, "Limits:Depth", "must be 8 to 1024");
        Require(Limits.Attributes >= 8, "Limits:Attributes", "must be at least 8");
        Require(Limits.Inbox >= 1, "Limits:Inbox", "must be at least 1");
        RequirePositive(Timeouts.Connect, "Timeouts:Connect");
        RequirePositive(Timeouts.Handshake, "Timeouts:Handshake");
        RequirePositive(Timeouts.Request, "Timeouts:Request");
        RequirePositive(Timeouts.Close, "Timeouts:Close");
        Require(Enum.IsDefined(Login.Bind2), "Login:Bind2", "must be WhenNothingIsLost, Always or Never");
        Require(Enum.IsDefined(Login.Fast), "Login:Fast", "must be AsStrong, Any or None");
        Require(
            Login.Tag is null || Jid.TryParse($"{Jid!.Domain}/{Login.Tag}", out _), "Login:Tag", "must be what a resource may begin with");
        Require(StreamManagement.Queue >= 1, "StreamManagement:Queue", "must be at least 1");
        Require(
            StreamManagement.RequestEvery >= 1 && StreamManagement.RequestEvery <= StreamManagement.Queue,
            "StreamManagement:RequestEvery", "must be 1 to StreamManagement:Queue");
        RequirePositive(StreamManagement.RequestAfter, "StreamManagement:RequestAfter");
        RequirePositive(StreamManagement.AnswerTimeout, "StreamManagement:AnswerTimeout");
        Require(
            Enum.IsDefined(StreamManagement.Acknowledge),
            "StreamManagement:Acknowledge", "must be OnReceive or AfterHandling");
        Require(
            Enum.IsDefined(StreamManagement.ResendOnLostSession),
            "StreamManagement:ResendOnLostSession", "must be Never, Ask or Always");
        Require(
            StreamManagement.ResendOnLostSession != ResendOnLostSession.Ask || StreamManagement.ResendAsync is not null,
            "StreamManagement:ResendOnLostSession", "is Ask, and StreamManagement.ResendAsync is not set: set it in code");
        Require(
            Bosh.Wait >= TimeSpan.FromSeconds(1) && Bosh.Wait <= TimeSpan.FromHours(1) && Bosh.Wait.Ticks % TimeSpan.TicksPerSecond == 0,
            "Bosh:Wait", "must be 1 s to 1 h, in whole seconds");
        RequirePositive(Reconnect.FirstDelay, "Reconnect:FirstDelay");
        RequirePositive(Reconnect.LongestDelay, "Reconnect:LongestDelay");
        Require(
            Reconnect.LongestDelay >= Reconnect.FirstDelay,
            "Reconnect:LongestDelay", "must not be shorter than Reconnect:FirstDelay");
    }

    /// <summary>What connects, as the options say.</summary>
    /// <exception cref="ArgumentException">A certificate cannot be read.</exception>
    internal IXmppConnector MakeConnector() => Connector ?? Transport switch
    {
        TransportKind.WebSocket => new WebSocketConnector(this),
        TransportKind.Bosh => new BoshConnector(this),
        _ => new TcpConnector(this),
    };

    /// <summary>The password, from wherever it is configured; <see langword="null"/> when there is none.</summary>
    /// <exception cref="XmppAuthenticationException">The file cannot be read or holds no password.</exception>
    public async ValueTask<string?> ReadPasswordAsync(CancellationToken cancellationToken = default)
    {
        if (PasswordFile is null)
        {
            return Password;
        }

        var option = IsComponent ? "SecretFile" : "PasswordFile";
        string? password;
        try
        {
            using var reader = File.OpenText(PasswordFile);
            password = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new XmppAuthenticationException("", $"{option} cannot be read: {e.Message}");
        }

        return string.IsNullOrEmpty(password)
            ? throw new XmppAuthenticationException("", $"{option} is empty in its first line: {PasswordFile}")
            : password;
    }

    /// <exception cref="ArgumentException">The file holds no certificate, or cannot be read.</exception>
    internal void CheckTrustedRoots()
    {
        foreach (var root in LoadTrustedRoots())
        {
            root.Dispose();
        }
    }

    /// <summary>The user's roots, for the caller to dispose.</summary>
    /// <exception cref="ArgumentException">The file holds no certificate, or cannot be read.</exception>
    internal X509Certificate2Collection LoadTrustedRoots()
    {
        var roots = new X509Certificate2Collection();
        foreach (var trusted in TrustedCertificates)
        {
            roots.Add(new X509Certificate2(trusted));
        }

        if (TrustedRoots is not null)
        {
            Load(() => roots.ImportFromPemFile(TrustedRoots), "TrustedRoots");
            Require(roots.Count > TrustedCertificates.Count, "TrustedRoots", $"holds no PEM certificate: {TrustedRoots}");
        }

        return roots;
    }

    /// <exception cref="ArgumentException">The file holds no certificate with its key, or cannot be read.</exception>
    internal X509Certificate2? LoadClientCertificate()
    {
        if (ClientCertificate is null)
        {
            return null;
        }

        X509Certificate2? certificate = null;
        Load(() => certificate = ReadCertificate(ClientCertificate, ClientCertificatePassword), "ClientCertificate");
        return certificate;
    }

    private void ValidateTransport()
    {
        Require(Enum.IsDefined(Transport), "Transport", "must be Tcp, WebSocket or Bosh");
        if (Transport == TransportKind.Tcp)
        {
            Require(Endpoint is null, "Endpoint", "is of no use over TCP: set Transport, or Host and Port instead");
            return;
        }

        Require(Host is null, "Host", "is for TCP: Endpoint says where to connect to");
        Require(Port is null, "Port", "is for TCP: Endpoint says where to connect to");
        var problem = Endpoint is null ? null : WebEndpoint.ProblemOf(Endpoint, Transport, Tls);
        Require(problem is null, "Endpoint", problem ?? "");
    }

    private static X509Certificate2 ReadCertificate(string file, string? password)
    {
        if (Path.GetExtension(file).ToUpperInvariant() is ".PFX" or ".P12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }

        return password is null
            ? X509Certificate2.CreateFromPemFile(file)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password);
    }

    private static void Load(Action read, string option)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"{option} cannot be read: {e.Message}", e);
        }
    }

    private static void RequirePositive(TimeSpan value, string option) =>
        Require(value > TimeSpan.Zero && value < TimeSpan.FromDays(24), option, "must be more than zero and less than 24 days");

    private static void Require(bool holds, string option, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} {problem}.");
        }
    }
}
