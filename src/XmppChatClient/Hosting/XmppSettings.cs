using System.Globalization;
using XmppChatClient.Carbons;
using XmppChatClient.CatchUp;
using XmppChatClient.Modules;
using XmppChatClient.Ping;
using XmppChatClient.Subscriptions;
using static XmppChatClient.Hosting.SettingValues;

namespace XmppChatClient.Hosting;

/// <summary>The configuration contract: which keys there are under <c>Xmpp</c> and what they set.</summary>
internal static class XmppSettings
{
    public static SettingsTable<XmppClientOptions> Table { get; } = SharedSettings.Table<XmppClientOptions>(
        o => o.Limits,
        o => o.Timeouts,
        o => o.Reconnect,
        o => o.Ensure<PingModule>(),
        new()
        {
            ["Jid"] = (o, _, v) => o.Jid = Jid.Parse(v),
            ["Password"] = (o, _, v) => o.Password = v,
            ["PasswordFile"] = (o, _, v) => o.PasswordFile = v,
            ["Transport"] = (o, _, v) => o.Transport = Choice<TransportKind>(v),
            ["Endpoint"] = (o, _, v) => o.Endpoint = Uri.TryCreate(v, UriKind.Absolute, out var endpoint)
                ? endpoint : throw new FormatException("it must be a URI such as wss://example.org/xmpp-websocket"),
            ["Host"] = (o, _, v) => o.Host = v,
            ["Port"] = (o, _, v) => o.Port = Number(v),
            ["Proxy"] = (o, _, v) => o.Proxy = ProxySetting.Read(v),
            ["Tls"] = (o, _, v) => o.Tls = Choice<TlsMode>(v),
            ["TrustedRoots"] = (o, _, v) => o.TrustedRoots = v,
            ["ClientCertificate"] = (o, _, v) => o.ClientCertificate = v,
            ["ClientCertificatePassword"] = (o, _, v) => o.ClientCertificatePassword = v,
            ["Presence:Show"] = (o, _, v) => PresenceOf(o).Show = Choice<PresenceShow>(v),
            ["Presence:Status"] = (o, _, v) => PresenceOf(o).Status = v,
            ["Presence:Priority"] = (o, _, v) => PresenceOf(o).Priority =
                sbyte.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
                    ? priority : throw new FormatException("it must be a whole number from -128 to 127"),
            ["AllowPlain"] = (o, _, v) => o.AllowPlain = Truth(v),
            ["Login:Sasl2"] = (o, _, v) => o.Login.Sasl2 = Truth(v),
            ["Login:Bind2"] = (o, _, v) => o.Login.Bind2 = Choice<Bind2Use>(v),
            ["Login:Fast"] = (o, _, v) => o.Login.Fast = Choice<FastTokens>(v),
            ["Login:Tag"] = (o, _, v) => o.Login.Tag = v,
            ["Login:AllowDowngrade"] = (o, _, v) => o.Login.AllowDowngrade = Truth(v),
            ["StreamManagement:Enabled"] = (o, _, v) => o.StreamManagement.Enabled = Truth(v),
            ["StreamManagement:Resume"] = (o, _, v) => o.StreamManagement.Resume = Truth(v),
            ["StreamManagement:Acknowledge"] = (o, _, v) => o.StreamManagement.Acknowledge = Choice<AcknowledgeMode>(v),
            ["StreamManagement:Queue"] = (o, _, v) => o.StreamManagement.Queue = Number(v),
            ["StreamManagement:RequestEvery"] = (o, _, v) => o.StreamManagement.RequestEvery = Number(v),
            ["StreamManagement:RequestAfter"] = (o, _, v) => o.StreamManagement.RequestAfter = Span(v),
            ["StreamManagement:AnswerTimeout"] = (o, _, v) => o.StreamManagement.AnswerTimeout = Span(v),
            ["StreamManagement:ResendOnLostSession"] =
                (o, _, v) => o.StreamManagement.ResendOnLostSession = Choice<ResendOnLostSession>(v),
            ["Bosh:Wait"] = (o, _, v) => o.Bosh.Wait = Span(v),
            ["Bosh:KeySequence"] = (o, _, v) => o.Bosh.KeySequence = Truth(v),
            ["CatchUp"] = (o, _, v) => Use<CatchUpModule>(o, Truth(v)),
            ["Carbons"] = (o, _, v) => Use<CarbonsModule>(o, Truth(v)),
            ["Subscriptions"] = (o, _, v) => o.Ensure<SubscriptionsModule>().Policy = Choice<SubscriptionPolicy>(v),
        });

    /// <summary>Every key, as it is written under the section.</summary>
    public static IReadOnlyCollection<string> Names => Table.Names;

    private static PresenceOptions PresenceOf(XmppClientOptions options) => options.Presence ??= new PresenceOptions();

    private static void Use<TModule>(XmppClientOptions options, bool isWanted)
        where TModule : class, IXmppModule, new()
    {
        var module = options.Ensure<TModule>();
        if (!isWanted)
        {
            options.Modules.Remove(module);
        }
    }
}
