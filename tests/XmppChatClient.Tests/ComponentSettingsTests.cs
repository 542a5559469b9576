using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XmppChatClient.Hosting;
using XmppChatClient.Ping;

namespace XmppChatClient.Tests;

public sealed class ComponentSettingsTests
{
    private static readonly string ThisFile = typeof(ComponentSettingsTests).Assembly.Location;

    // Each key once: a good value, what it sets, and a value that is refused (null where every text is a value).
    private static readonly Setting[] Table =
    [
        new("Domain", "quiz.example.org", "quiz.example.org", "riddle@quiz.example.org", (o, _) => o.Domain),
        new("Secret", "hush", "hush", null, (o, _) => o.Secret),
        new("SecretFile", ThisFile, ThisFile, "/no/such/file", (o, _) => o.SecretFile),
        new("Host", "xmpp.example.org", "xmpp.example.org", "two words", (o, _) => o.Host),
        new("Port", "8888", 8888, "70000", (o, _) => o.Port),
        new("Tls", "disabled", TlsMode.Disabled, "2", (o, _) => o.Tls),
        new("TrustedRoots", ThisFile, ThisFile, "/no/such/file", (o, _) => o.TrustedRoots),
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
        new("Ping:Interval", "00:02:00", TimeSpan.FromMinutes(2), "-00:00:01", (o, _) => o.Ensure<PingModule>().Interval),
        new("Ping:AnswerTimeout", "00:00:20", TimeSpan.FromSeconds(20), "00:00:00", (o, _) => o.Ensure<PingModule>().AnswerTimeout),
        new("Dispatch:Concurrency", "3", 3, "0", (_, d) => d.Concurrency),
        new("Dispatch:Capacity", "99", 99, "1", (_, d) => d.Capacity),
        new("Dispatch:StopTimeout", "00:00:00", TimeSpan.Zero, "25.00:00:00", (_, d) => d.StopTimeout),
        new("Dispatch:ReplyChain", "3", 3, "1001", (_, d) => d.ReplyChain),
        new("Dispatch:FailureReply", "Sorry.", "Sorry.", null, (_, d) => d.FailureReply),
    ];

    public static TheoryData<string> Names => [.. XmppComponentSettings.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Setting_is_read_and_a_bad_value_refused_by_its_name(string name)
    {
        var setting = Table.Single(s => s.Name == name);
        Assert.Equal(setting.Expected, setting.Get(Read(name, setting.Good)));
        if (setting.Bad is not null)
        {
            var error = Assert.Throws<XmppConfigurationException>(() => Read(name, setting.Bad));
            Assert.StartsWith($"XmppComponent:{name} ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Jid", "bot@example.org", "XmppComponent:Jid is not a setting.")]
    [InlineData("Sekret", "hush", "XmppComponent:Sekret is not a setting. Did you mean XmppComponent:Secret?")]
    [InlineData("Domain", "", "XmppComponent:Domain is missing: ")]
    [InlineData("Secret", "", "XmppComponent:Secret is missing: ")]
    [InlineData("SecretFile", "/dev/null", "XmppComponent:SecretFile and Secret are both set: set one.")]
    public void Refusal_says_what_would_be_right(string name, string value, string message)
    {
        var error = Assert.Throws<XmppConfigurationException>(() => new XmppRegistration("XmppComponent").Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["XmppComponent:Domain"] = "quiz.example.org",
                ["XmppComponent:Secret"] = "hush",
                [$"XmppComponent:{name}"] = value,
            }).Build(),
            new XmppComponentOptions()));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_is_in_the_guide()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "XmppChatClient.sln")))
        {
            directory = directory.Parent!;
        }

        var guide = File.ReadAllText(Path.Combine(directory.FullName, "docs/COMPONENTS.md"));
        Assert.All(
            XmppComponentSettings.Names.Select(name => name.Split(':')[0]),
            name => Assert.Contains($"`{name}", guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bad_configuration_stops_the_host_with_one_line()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFakeLogging();
        builder.Services.AddXmppComponent(o => o.Domain = "quiz.example.org");
        builder.Services.AddHealthChecks().AddXmppClient();
        using var host = builder.Build();
        await host.StartAsync(TestBot.Token);
        await host.WaitForShutdownAsync(TestBot.Token).WaitAsync(Hang.Limit, TestBot.Token);
        var line = Assert.Single(host.Services.GetFakeLogCollector().GetSnapshot(), r => r.Level == LogLevel.Critical);
        Assert.StartsWith("XmppComponent:Secret is missing", line.Message, StringComparison.Ordinal);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestBot.Token);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
    }

    [Fact]
    public void Host_has_one_client_or_one_component()
    {
        var two = Assert.Throws<InvalidOperationException>(() =>
        {
            var services = new ServiceCollection();
            services.AddXmppComponent();
            services.AddXmppComponent();
        });
        Assert.StartsWith("AddXmppComponent was called twice", two.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddXmppClient().Services.AddXmppComponent());
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddXmppComponent().Services.AddXmppClient());
    }

    private static (XmppComponentOptions Component, DispatchOptions Dispatch) Read(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["XmppComponent:Domain"] = "quiz.example.org",
            ["XmppComponent:Secret"] = name is "SecretFile" ? null : "hush",
            ["XmppComponent:Dispatch:Concurrency"] = name == "Dispatch:Capacity" ? "8" : null,
            [$"XmppComponent:{name}"] = value,
        });
        return new XmppRegistration("XmppComponent").Read(configuration.Build(), new XmppComponentOptions());
    }

    private sealed record Setting(
        string Name, string Good, object Expected, string? Bad, Func<XmppComponentOptions, DispatchOptions, object?> Value)
    {
        public object? Get((XmppComponentOptions Component, DispatchOptions Dispatch) options) => Value(options.Component, options.Dispatch);
    }
}
