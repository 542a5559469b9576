using XmppChatClient.Ping;
using static XmppChatClient.Hosting.SettingValues;

namespace XmppChatClient.Hosting;

/// <summary>The same contract for a component: which keys there are under <c>XmppComponent</c> and what they set.</summary>
internal static class XmppComponentSettings
{
    public static SettingsTable<XmppComponentOptions> Table { get; } = new(
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Domain"] = (o, _, v) => o.Domain = v,
            ["Secret"] = (o, _, v) => o.Secret = v,
            ["SecretFile"] = (o, _, v) => o.SecretFile = v,
            ["Host"] = (o, _, v) => o.Host = v,
            ["Port"] = (o, _, v) => o.Port = Number(v),
            ["Tls"] = (o, _, v) => o.Tls = Choice<TlsMode>(v),
            ["TrustedRoots"] = (o, _, v) => o.TrustedRoots = v,
            ["Limits:StanzaBytes"] = (o, _, v) => o.Limits.StanzaBytes = Number(v),
            ["Limits:Depth"] = (o, _, v) => o.Limits.Depth = Number(v),
            ["Limits:Attributes"] = (o, _, v) => o.Limits.Attributes = Number(v),
            ["Limits:Inbox"] = (o, _, v) => o.Limits.Inbox = Number(v),
            ["Timeouts:Connect"] = (o, _, v) => o.Timeouts.Connect = Span(v),
            ["Timeouts:Handshake"] = (o, _, v) => o.Timeouts.Handshake = Span(v),
            ["Timeouts:Request"] = (o, _, v) => o.Timeouts.Request = Span(v),
            ["Timeouts:Close"] = (o, _, v) => o.Timeouts.Close = Span(v),
            ["Reconnect:Enabled"] = (o, _, v) => o.Reconnect.Enabled = Truth(v),
            ["Reconnect:FirstDelay"] = (o, _, v) => o.Reconnect.FirstDelay = Span(v),
            ["Reconnect:LongestDelay"] = (o, _, v) => o.Reconnect.LongestDelay = Span(v),
            ["Ping:Interval"] = (o, _, v) => o.Ensure<PingModule>().Interval =
                Span(v) is var interval && interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : interval,
            ["Ping:AnswerTimeout"] = (o, _, v) => o.Ensure<PingModule>().AnswerTimeout = Span(v),
            ["Dispatch:Concurrency"] = (_, d, v) => d.Concurrency = Number(v),
            ["Dispatch:Capacity"] = (_, d, v) => d.Capacity = Number(v),
            ["Dispatch:StopTimeout"] = (_, d, v) => d.StopTimeout = Span(v),
            ["Dispatch:ReplyChain"] = (_, d, v) => d.ReplyChain = Number(v),
            ["Dispatch:FailureReply"] = (_, d, v) => d.FailureReply = v,
        });

    /// <summary>Every key, as it is written under the section.</summary>
    public static IReadOnlyCollection<string> Names => Table.Names;
}
