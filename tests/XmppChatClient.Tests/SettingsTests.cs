using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using XmppChatClient.Carbons;
using XmppChatClient.CatchUp;
using XmppChatClient.Hosting;
using XmppChatClient.Ping;
using XmppChatClient.Subscriptions;

namespace XmppChatClient.Tests;

public sealed class SettingsTests
{
    private const string NoSuchFile = "/no/such/file";

    private static readonly string ThisFile = typeof(SettingsTests).Assembly.Location;

    // Each key once: a good value, what it sets, and a value that is refused (null where every text is a value).
    private static readonly Setting[] Table =
    [
        new("Jid", "bot@example.org/desk", Jid.Parse("bot@example.org/desk"), "a@b@c@", (o, _) => o.Jid),
        new("Password", "secret", "secret", null, (o, _) => o.Password),
        new("PasswordFile", ThisFile, ThisFile, NoSuchFile, (o, _) => o.PasswordFile),
        new("Transport", "websocket", TransportKind.WebSocket, "Carrier", (o, _) => o.Transport),
        new("Endpoint", "wss://example.org/ws", new Uri("wss://example.org/ws"), "example.org", (o, _) => o.Endpoint),
        new("Host", "xmpp.example.org", "xmpp.example.org", "two words", (o, _) => o.Host),
        new("Port", "15222", 15222, "70000", (o, _) => o.Port),
        new("Proxy", "socks5h://me:two%20words@proxy.example.org", "socks5://proxy.example.org:1080/ me two words", "ftp://proxy", (o, _) => ProxyOf(o)),
        new("Tls", "direct", TlsMode.Direct, "Required,Disabled", (o, _) => o.Tls),
        new("TrustedRoots", ThisFile, ThisFile, NoSuchFile, (o, _) => o.TrustedRoots),
        new("ClientCertificate", ThisFile, ThisFile, NoSuchFile, (o, _) => o.ClientCertificate),
        new("ClientCertificatePassword", "opens it", "opens it", null, (o, _) => o.ClientCertificatePassword),
        new("Presence:Show", "Dnd", PresenceShow.Dnd, "Busy", (o, _) => o.Presence!.Show),
        new("Presence:Status", "busy", "busy", null, (o, _) => o.Presence!.Status),
        new("Presence:Priority", "-1", (sbyte)-1, "128", (o, _) => o.Presence!.Priority),
        new("AllowPlain", "true", true, "yes", (o, _) => o.AllowPlain),
        new("Login:Sasl2", "false", false, "off", (o, _) => o.Login.Sasl2),
        new("Login:Bind2", "always", Bind2Use.Always, "Sometimes", (o, _) => o.Login.Bind2),
        new("Login:Fast", "any", FastTokens.Any, "1", (o, _) => o.Login.Fast),
        new("Login:Tag", "bot", "bot", "\u0001", (o, _) => o.Login.Tag),
        new("Login:AllowDowngrade", "true", true, "yes", (o, _) => o.Login.AllowDowngrade),
        new("Limits:StanzaBytes", "20000", 20000, "9999", (o, _) => o.Limits.StanzaBytes),
        new("Limits:Depth", "10", 10, "7", (o, _) => o.Limits.Depth),
        new("Limits:Attributes", "11", 11, "-11", (o, _) => o.Limits.Attributes),
        new("Limits:Inbox", "12", 12, "0", (o, _) => o.Limits.Inbox),
        new("Timeouts:Connect", "00:00:07", TimeSpan.FromSeconds(7), "7", (o, _) => o.Timeouts.Connect),
        new("Timeouts:Handshake", "00:00:08", TimeSpan.FromSeconds(8), "00:00:00", (o, _) => o.Timeouts.Handshake),
        new("Timeouts:Request", "00:00:09", TimeSpan.FromSeconds(9), "-00:00:09", (o, _) => o.Timeouts.Request),
        new("Timeouts:Close", "00:00:01.5", TimeSpan.FromSeconds(1.5), "30.00:00:00", (o, _) => o.Timeouts.Close),
        new("Reconnect:Enabled", "False", false, "0", (o, _) => o.Reconnect.Enabled),
        new("Reconnect:FirstDelay", "00:00:03", TimeSpan.FromSeconds(3), "00:00:00", (o, _) => o.Reconnect.FirstDelay),
        new("Reconnect:LongestDelay", "00:04:00", TimeSpan.FromMinutes(4), "00:00:00.5", (o, _) => o.Reconnect.LongestDelay),
        new("StreamManagement:Enabled", "false", false, "off", (o, _) => o.StreamManagement.Enabled),
        new("StreamManagement:Resume", "false", false, "0", (o, _) => o.StreamManagement.Resume),
        new("StreamManagement:Acknowledge", "afterhandling", AcknowledgeMode.AfterHandling, "Never", (o, _) => o.StreamManagement.Acknowledge),
        new("StreamManagement:Queue", "100", 100, "0", (o, _) => o.StreamManagement.Queue),
        new("StreamManagement:RequestEvery", "10", 10, "1025", (o, _) => o.StreamManagement.RequestEvery),
        new("StreamManagement:RequestAfter", "00:00:02", TimeSpan.FromSeconds(2), "00:00:00", (o, _) => o.StreamManagement.RequestAfter),
        new("StreamManagement:AnswerTimeout", "00:00:11", TimeSpan.FromSeconds(11), "11", (o, _) => o.StreamManagement.AnswerTimeout),
        new(
            "StreamManagement:ResendOnLostSession", "Always", ResendOnLostSession.Always, "Ask",
            (o, _) => o.StreamManagement.ResendOnLostSession),
        new("Bosh:Wait", "00:00:20", TimeSpan.FromSeconds(20), "00:00:00.5", (o, _) => o.Bosh.Wait),
        new("Bosh:KeySequence", "true", true, "1", (o, _) => o.Bosh.KeySequence),
        new("Carbons", "true", true, "on", (o, _) => o.Modules.OfType<CarbonsModule>().Any()),
        new("CatchUp", "true", true, "on", (o, _) => o.Modules.OfType<CatchUpModule>().Any()),
        new("Subscriptions", "acceptall", SubscriptionPolicy.AcceptAll, "2", (o, _) => o.Ensure<SubscriptionsModule>().Policy),
        new("Ping:Interval", "00:02:00", TimeSpan.FromMinutes(2), "-00:00:01", (o, _) => o.Ensure<PingModule>().Interval),
        new("Ping:AnswerTimeout", "00:00:20", TimeSpan.FromSeconds(20), "00:00:00", (o, _) => o.Ensure<PingModule>().AnswerTimeout),
        new("Dispatch:Concurrency", "3", 3, "0", (_, d) => d.Concurrency),
        new("Dispatch:Capacity", "99", 99, "1", (_, d) => d.Capacity),
        new("Dispatch:StopTimeout", "00:00:00", TimeSpan.Zero, "25.00:00:00", (_, d) => d.StopTimeout),
        new("Dispatch:ReplyChain", "3", 3, "1001", (_, d) => d.ReplyChain),
        new("Dispatch:FailureReply", "Sorry.", "Sorry.", null, (_, d) => d.FailureReply),
    ];

    public static TheoryData<string> Names => [.. XmppSettings.Names];

    public static TheoryData<string> NamesThatCanBeRefused => [.. Table.Where(s => s.Bad is not null).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Setting_is_read_from_json_environment_and_command_line(string name)
    {
        var setting = Table.Single(s => s.Name == name);
        var json = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json($"Xmpp:{name}", setting.Good))));
        Assert.Equal(setting.Expected, setting.Get(Read(WithAccount(json, name))));

        var variable = $"{nameof(SettingsTests)}_Xmpp__{name.Replace(":", "__", StringComparison.Ordinal)}";
        Environment.SetEnvironmentVariable(variable, setting.Good);
        var environment = new ConfigurationBuilder().AddEnvironmentVariables($"{nameof(SettingsTests)}_");
        Assert.Equal(setting.Expected, setting.Get(Read(WithAccount(environment, name))));
        Environment.SetEnvironmentVariable(variable, null);

        var line = new ConfigurationBuilder().AddCommandLine([$"--Xmpp:{name}={setting.Good}"]);
        Assert.Equal(setting.Expected, setting.Get(Read(WithAccount(line, name))));
    }

    [Theory]
    [MemberData(nameof(NamesThatCanBeRefused))]
    public void Bad_value_is_refused_in_one_line_that_names_the_key(string name) =>
        AssertRefused($"Xmpp:{name}", Table.Single(s => s.Name == name).Bad, $"Xmpp:{name} ");

    [Theory]
    [MemberData(nameof(Names))]
    public void Empty_value_leaves_the_default(string name)
    {
        if (name != "Jid")
        {
            var setting = Table.Single(s => s.Name == name);
            Assert.Equal(
                setting.Get(Read(WithAccount(new ConfigurationBuilder(), name))),
                setting.Get(Read(WithAccount(new ConfigurationBuilder(), name).AddInMemoryCollection(
                    new Dictionary<string, string?> { [$"Xmpp:{name}"] = "" }))));
        }
    }

    [Theory]
    [InlineData("Xmpp:Pasword", "x", "Xmpp:Pasword is not a setting. Did you mean Xmpp:Password?")]
    [InlineData("Xmpp:Tsl", "Required", "Xmpp:Tsl is not a setting. Did you mean Xmpp:Tls?")]
    [InlineData("Xmpp:Dispatch:Concurency", "", "Xmpp:Dispatch:Concurency is not a setting. Did you mean Xmpp:Dispatch:Concurrency?")]
    [InlineData("Xmpp:Foo:Bar", "1", "Xmpp:Foo:Bar is not a setting.")]
    [InlineData("Xmpp:Foo", "1", "Xmpp:Foo is not a setting.")]
    [InlineData("Xmpp:Jid:0", "bot@example.org", "Xmpp:Jid:0 is not a setting. Did you mean Xmpp:Jid?")]
    [InlineData("Xmpp:Presence", "Dnd", "Xmpp:Presence is not a setting.")]
    public void Unknown_key_is_refused_with_the_nearest_one(string key, string value, string message) =>
        Assert.Equal(message, AssertRefused(key, value, key));

    [Theory]
    [InlineData("Xmpp:Presnce", "Xmpp:Presnce is not a setting.")]
    [InlineData("Xmpp:Foo", "Xmpp:Foo is not a setting.")]
    public void Unknown_section_is_refused_even_if_there_is_nothing_in_it(string key, string message) =>
        AssertRefused(key, null, message);

    [Fact]
    public void Section_of_ours_may_be_empty() => Read(WithAccount(new ConfigurationBuilder(), "").AddJsonStream(
        new MemoryStream("""{ "Xmpp": { "Presence": {}, "Port": null } }"""u8.ToArray())));

    [Theory]
    [InlineData("Xmpp:Port", "many", "Xmpp:Port cannot be read: it must be a whole number.")]
    [InlineData("Xmpp:Port", "+5222", "Xmpp:Port cannot be read")]
    [InlineData("Xmpp:Transport", "Pigeon", "Xmpp:Transport cannot be read: it must be one of Tcp, WebSocket, Bosh, Auto.")]
    [InlineData("Xmpp:Endpoint", "example.org", "Xmpp:Endpoint cannot be read: it must be a URI such as wss://example.org/xmpp-websocket.")]
    [InlineData("Xmpp:Endpoint", "wss://example.org/", "Xmpp:Endpoint is of no use over TCP: set Transport, or Host and Port instead.")]
    [InlineData("Xmpp:Proxy", "proxy.example.org:3128", "Xmpp:Proxy cannot be read: it must be none, or a URI such as http://")]
    [InlineData("Xmpp:Proxy", "http://proxy.example.org/path", "Xmpp:Proxy cannot be read")]
    [InlineData("Xmpp:Proxy", "socks4://127.0.0.1", "Xmpp:Proxy cannot be read")]
    [InlineData("Xmpp:Tls", "Maybe", "Xmpp:Tls cannot be read: it must be one of Required, Direct, Disabled.")]
    [InlineData("Xmpp:Tls", "2", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Tls", "+2", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Tls", " Disabled", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Presence:Show", "Away, Chat", "Xmpp:Presence:Show cannot be read: it must be one of Online, Chat, Away, Xa, Dnd.")]
    [InlineData("Xmpp:Subscriptions", "AcceptRoster,AcceptAll", "Xmpp:Subscriptions cannot be read: it must be one of AskHandler, AcceptRoster, AcceptAll.")]
    [InlineData("Xmpp:Jid", "bot@example.org\nXmpp", "Xmpp:Jid cannot be read: ")]
    [InlineData("Xmpp:Timeouts:Close", "5", "Xmpp:Timeouts:Close cannot be read: it must be a time such as 00:00:30.")]
    [InlineData("Xmpp:Ping:Interval", "24.00:00:00", "Xmpp:Ping:Interval must be more than zero and less than 24 days.")]
    [InlineData("Xmpp:Ping:Interval", "-00:00:00.001", "Xmpp:Ping:Interval cannot be read")]
    [InlineData("Xmpp:Ping:AnswerTimeout", "49.17:02:47.295", "Xmpp:Ping:AnswerTimeout must be more than zero and less than 24 days.")]
    [InlineData("Xmpp:Dispatch:StopTimeout", "-00:00:00.001", "Xmpp:Dispatch:StopTimeout cannot be read")]
    [InlineData("Xmpp:Dispatch:StopTimeout", "24.00:00:00", "Xmpp:Dispatch:StopTimeout must be zero or more and less than 24 days.")]
    [InlineData("Xmpp:Dispatch:Concurrency", "0", "Xmpp:Dispatch:Concurrency must be at least 1.")]
    [InlineData("Xmpp:Dispatch:Concurrency", "2000", "Xmpp:Dispatch:Capacity must be at least Dispatch:Concurrency, which is 2000.")]
    public void Refusal_says_what_would_be_right(string key, string value, string message) => AssertRefused(key, value, message);

    [Theory]
    [InlineData("none", null, null)]
    [InlineData("NONE", null, null)]
    [InlineData("http://proxy.example.org", "http://proxy.example.org/", null)]
    [InlineData("http://me:two:words@proxy.example.org:3128/", "http://proxy.example.org:3128/", "me two:words")]
    [InlineData("https://me@[::1]", "https://[::1]/", "me ")]
    [InlineData("socks5://127.0.0.1", "socks5://127.0.0.1:1080/", null)]
    [InlineData("socks5h://proxy.example.org:9050", "socks5://proxy.example.org:9050/", null)]
    public void Proxy_is_read_and_its_credentials_taken_out_of_its_address(string text, string? address, string? credentials)
    {
        var read = Read(WithAccount(new ConfigurationBuilder(), "").AddInMemoryCollection(
            new Dictionary<string, string?> { ["Xmpp:Proxy"] = text }));
        Assert.Equal(address is null ? "" : $"{address} {credentials}".TrimEnd(), ProxyOf(read.Client)?.TrimEnd());
    }

    [Fact]
    public void Password_in_a_proxy_that_cannot_be_read_is_not_told()
    {
        var message = AssertRefused("Xmpp:Proxy", "proxy://me:secret@proxy.example.org", "Xmpp:Proxy cannot be read");
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interval_of_zero_never_pings()
    {
        var (options, _) = Read(WithAccount(new ConfigurationBuilder(), "").AddInMemoryCollection(
            new Dictionary<string, string?> { ["Xmpp:Ping:Interval"] = "00:00:00" }));
        Assert.Equal(Timeout.InfiniteTimeSpan, options.Ensure<PingModule>().Interval);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Missing_address_is_named(string? jid) => AssertRefused("Xmpp:Jid", jid, "Xmpp:Jid is missing: ");

    [Fact]
    public void Two_passwords_are_refused() => AssertRefused("Xmpp:PasswordFile", ThisFile, "Xmpp:PasswordFile and Password are both set");

    [Fact]
    public void Every_setting_is_in_the_readme()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "XmppChatClient.sln")))
        {
            directory = directory.Parent!;
        }

        var rows = File.ReadLines(Path.Combine(directory.FullName, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        var documented = rows.SelectMany(row => KeysOf(row.Split('|')[1])).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(XmppSettings.Names.Order(StringComparer.Ordinal), XmppSettings.Names.Where(documented.Contains).Order(StringComparer.Ordinal));
    }

    // "`Presence:Show`, `:Status`" stands for Presence:Show and Presence:Status.
    private static IEnumerable<string> KeysOf(string cell)
    {
        var group = "";
        foreach (var key in cell.Split(',').Select(k => k.Trim().Trim('`')))
        {
            group = key.StartsWith(':') ? group : key.Split(':')[0];
            yield return key.StartsWith(':') ? group + key : key;
        }
    }

    private static string? ProxyOf(XmppClientOptions options) => options.Proxy is WebProxy proxy
        ? $"{proxy.Address} {(proxy.Credentials as NetworkCredential)?.UserName} {(proxy.Credentials as NetworkCredential)?.Password}".TrimEnd() : null;

    private static string AssertRefused(string key, string? value, string message)
    {
        var configuration = WithAccount(new ConfigurationBuilder(), "")
            .AddInMemoryCollection(new Dictionary<string, string?> { [key] = value });
        var error = Assert.Throws<XmppConfigurationException>(() => Read(configuration));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    private static string Json(string path, string value) => path.Split(':').Reverse().Aggregate(
        System.Text.Json.JsonSerializer.Serialize(value), (inner, key) => $$"""{ "{{key}}": {{inner}} }""");

    private static IConfigurationBuilder WithAccount(IConfigurationBuilder builder, string name)
    {
        // Sources given before win nothing over it: what is being tested comes last.
        builder.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Xmpp:Jid"] = "bot@example.org",
                ["Xmpp:Password"] = name is "Password" or "PasswordFile" ? null : "secret",
                ["Xmpp:ClientCertificate"] = name is "Password" or "PasswordFile" ? ThisFile : null,
                ["Xmpp:Transport"] = name == "Endpoint" ? "WebSocket" : null,
                ["Xmpp:Dispatch:Concurrency"] = name == "Dispatch:Capacity" ? "8" : null,
            },
        });
        return builder;
    }

    private static (XmppClientOptions Client, DispatchOptions Dispatch) Read(IConfigurationBuilder configuration) =>
        new XmppRegistration("Xmpp").Read(configuration.Build(), new XmppClientOptions());

    private sealed record Setting(
        string Name, string Good, object Expected, string? Bad, Func<XmppClientOptions, DispatchOptions, object?> Value)
    {
        public object? Get((XmppClientOptions Client, DispatchOptions Dispatch) options) => Value(options.Client, options.Dispatch);
    }
}
