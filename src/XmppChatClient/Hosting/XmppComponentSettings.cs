using XmppChatClient.Ping;
using static XmppChatClient.Hosting.SettingValues;

namespace XmppChatClient.Hosting;

/// <summary>The same contract for a component: which keys there are under <c>XmppComponent</c> and what they set.</summary>
internal static class XmppComponentSettings
{
    public static SettingsTable<XmppComponentOptions> Table { get; } = SharedSettings.Table<XmppComponentOptions>(
        o => o.Limits,
        o => o.Timeouts,
        o => o.Reconnect,
        o => o.Ensure<PingModule>(),
        new()
        {
            ["Domain"] = (o, _, v) => o.Domain = v,
            ["Secret"] = (o, _, v) => o.Secret = v,
            ["SecretFile"] = (o, _, v) => o.SecretFile = v,
            ["Host"] = (o, _, v) => o.Host = v,
            ["Port"] = (o, _, v) => o.Port = Number(v),
            ["Tls"] = (o, _, v) => o.Tls = Choice<TlsMode>(v),
            ["TrustedRoots"] = (o, _, v) => o.TrustedRoots = v,
        });

    /// <summary>Every key, as it is written under the section.</summary>
    public static IReadOnlyCollection<string> Names => Table.Names;
}
