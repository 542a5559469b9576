using System.Net;

namespace XmppChatClient.Core.Tests;

public sealed class OptionsTests(Certificates certificates) : IClassFixture<Certificates>
{
    public static TheoryData<string, Action<XmppClientOptions>> Mistakes => new()
    {
        { "Jid", o => o.Jid = null },
        { "Password", o => o.Password = null },
        { "Password", o => o.Password = "" },
        { "PasswordFile", o => o.PasswordFile = "somewhere" },
        { "PasswordFile", o => (o.Password, o.PasswordFile) = (null, "/nowhere/at/all") },
        { "Host", o => o.Host = "not a host" },
        { "Host", o => o.Host = "" },
        { "Port", o => o.Port = 0 },
        { "Port", o => o.Port = 65_536 },
        { "Proxy", o => o.Proxy = new WebProxy("socks4://127.0.0.1") },
        { "Tls", o => o.Tls = (TlsMode)3 },
        { "Transport", o => o.Transport = (TransportKind)4 },
        { "Endpoint", o => o.Endpoint = new Uri("wss://example.org/") },
        { "Endpoint", o => OverWebSocket(o, "ws://example.org/") },
        { "Endpoint", o => OverWebSocket(o, "https://example.org/") },
        { "Endpoint", o => OverWebSocket(o, "wss://example.org/#here") },
        { "Endpoint", o => OverWebSocket(o, "wss://romeo:secret@example.org/") },
        { "Endpoint", o => (o.Transport, o.Endpoint) = (TransportKind.WebSocket, new Uri("/ws", UriKind.Relative)) },
        { "Endpoint", o => OverBosh(o, "https://example.org/http-bind").Transport = TransportKind.Auto },
        { "Endpoint", o => OverBosh(o, "http://example.org/http-bind") },
        { "Endpoint", o => OverBosh(o, "wss://example.org/") },
        { "Endpoint", o => OverBosh(o, "https://romeo@example.org/") },
        { "Host", o => OverWebSocket(o, "wss://example.org/").Host = "example.org" },
        { "Port", o => OverWebSocket(o, "wss://example.org/").Port = 443 },
        { "TrustedRoots", o => o.TrustedRoots = "/nowhere/at/all" },
        { "ClientCertificate", o => o.ClientCertificate = "/nowhere/at/all" },
        { "Limits:StanzaBytes", o => o.Limits.StanzaBytes = 9999 },
        { "Limits:Depth", o => o.Limits.Depth = 7 },
        { "Limits:Depth", o => o.Limits.Depth = 1025 },
        { "Limits:Attributes", o => o.Limits.Attributes = 7 },
        { "Limits:Inbox", o => o.Limits.Inbox = 0 },
        { "Timeouts:Connect", o => o.Timeouts.Connect = TimeSpan.Zero },
        { "Timeouts:Handshake", o => o.Timeouts.Handshake = TimeSpan.FromSeconds(-1) },
        { "Timeouts:Request", o => o.Timeouts.Request = Timeout.InfiniteTimeSpan },
        { "Timeouts:Close", o => o.Timeouts.Close = TimeSpan.FromDays(24) },
        { "Bosh:Wait", o => o.Bosh.Wait = TimeSpan.FromMilliseconds(999) },
        { "Bosh:Wait", o => o.Bosh.Wait = TimeSpan.FromSeconds(1.5) },
        { "Bosh:Wait", o => o.Bosh.Wait = TimeSpan.FromMinutes(61) },
        { "Reconnect:FirstDelay", o => o.Reconnect.FirstDelay = TimeSpan.Zero },
        { "Reconnect:LongestDelay", o => o.Reconnect.LongestDelay = TimeSpan.FromMilliseconds(999) },
        { "Reconnect:LongestDelay", o => o.Reconnect.LongestDelay = TimeSpan.FromDays(24) },
        { "StreamManagement:Queue", o => o.StreamManagement.Queue = 0 },
        { "StreamManagement:RequestEvery", o => o.StreamManagement.RequestEvery = 0 },
        { "StreamManagement:RequestEvery", o => o.StreamManagement.Queue = 63 },
        { "StreamManagement:RequestAfter", o => o.StreamManagement.RequestAfter = TimeSpan.Zero },
        { "StreamManagement:AnswerTimeout", o => o.StreamManagement.AnswerTimeout = Timeout.InfiniteTimeSpan },
        { "StreamManagement:Acknowledge", o => o.StreamManagement.Acknowledge = (AcknowledgeMode)2 },
        { "StreamManagement:ResendOnLostSession", o => o.StreamManagement.ResendOnLostSession = (ResendOnLostSession)3 },
        { "StreamManagement:ResendOnLostSession", o => o.StreamManagement.ResendOnLostSession = ResendOnLostSession.Ask },
    };

    public static TheoryData<Action<XmppClientOptions>> Uses => new()
    {
        o => (o.Jid, o.Password) = (Jid.Parse("example.org"), null),
        o => o.Host = "::1",
        o => o.Host = "xmpp.example.org",
        o => o.Port = 65_535,
        o => o.Proxy = new WebProxy(),
        o => o.Proxy = new WebProxy("socks5://127.0.0.1"),
        o => OverWebSocket(o, "wss://example.org/ws?room=1"),
        o => OverWebSocket(o, "wss://[::1]:5281/").Tls = TlsMode.Direct,
        o => OverWebSocket(o, "ws://localhost/").Tls = TlsMode.Disabled,
        o => o.Transport = TransportKind.WebSocket,
        o => OverBosh(o, "https://example.org/http-bind"),
        o => OverBosh(o, "http://localhost:5280/http-bind").Tls = TlsMode.Disabled,
        o => o.Transport = TransportKind.Bosh,
        o => (o.Transport, o.Host, o.Port) = (TransportKind.Auto, "xmpp.example.org", 5222),
        o => o.Limits.StanzaBytes = 10_000,
        o => o.Presence = null,
        o => o.Reconnect.FirstDelay = o.Reconnect.LongestDelay,
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_named_by_its_option(string option, Action<XmppClientOptions> mistake)
    {
        var options = Options(mistake);
        Assert.StartsWith(option + " ", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new XmppClient(options));
    }

    [Theory]
    [MemberData(nameof(Uses), DisableDiscoveryEnumeration = true)]
    public void What_may_be_said_is_taken(Action<XmppClientOptions> use) => Options(use).Validate();

    [Theory]
    [InlineData("", "holds no PEM certificate")]
    [InlineData("hello", "holds no PEM certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public async Task File_of_roots_without_one_is_named(string content, string problem) =>
        Assert.Contains(problem, (await FailAsync("TrustedRoots", content, (o, f) => o.TrustedRoots = f)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(".pem", "hello")]
    [InlineData(".pfx", "hello")]
    [InlineData(".p12", "")]
    public async Task File_of_a_client_certificate_without_one_is_named(string extension, string content) =>
        await FailAsync("ClientCertificate", content, (o, f) => o.ClientCertificate = f, extension);

    private static XmppClientOptions Options(Action<XmppClientOptions> configure)
    {
        var options = new XmppClientOptions { Jid = Jid.Parse("bot@example.org"), Password = "secret" };
        configure(options);
        return options;
    }

    private static XmppClientOptions OverWebSocket(XmppClientOptions options, string endpoint)
    {
        (options.Transport, options.Endpoint) = (TransportKind.WebSocket, new Uri(endpoint));
        return options;
    }

    private static XmppClientOptions OverBosh(XmppClientOptions options, string endpoint)
    {
        (options.Transport, options.Endpoint) = (TransportKind.Bosh, new Uri(endpoint));
        return options;
    }

    private async Task<ArgumentException> FailAsync(
        string option, string content, Action<XmppClientOptions, string> set, string extension = ".pem")
    {
        var file = Path.Combine(certificates.Folder, Guid.NewGuid() + extension);
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var error = Assert.Throws<ArgumentException>(() => new XmppClient(Options(o => set(o, file))));
        Assert.StartsWith(option + " ", error.Message, StringComparison.Ordinal);
        return error;
    }
}
