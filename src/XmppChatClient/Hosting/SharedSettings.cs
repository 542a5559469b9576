using XmppChatClient.Ping;
using static XmppChatClient.Hosting.SettingValues;

namespace XmppChatClient.Hosting;

/// <summary>The keys that a client and a component both have.</summary>
internal static class SharedSettings
{
    /// <param name="keys">What the section has besides.</param>
    public static SettingsTable<TOptions> Table<TOptions>(
        Func<TOptions, LimitOptions> limits,
        Func<TOptions, TimeoutOptions> timeouts,
        Func<TOptions, ReconnectOptions> reconnect,
        Func<TOptions, PingModule> ping,
        Dictionary<string, Action<TOptions, DispatchOptions, string>> keys) => new(
        new(keys, StringComparer.OrdinalIgnoreCase)
        {
            ["Limits:StanzaBytes"] = (o, _, v) => limits(o).StanzaBytes = Number(v),
            ["Limits:Depth"] = (o, _, v) => limits(o).Depth = Number(v),
            ["Limits:Attributes"] = (o, _, v) => limits(o).Attributes = Number(v),
            ["Limits:Inbox"] = (o, _, v) => limits(o).Inbox = Number(v),
            ["Timeouts:Connect"] = (o, _, v) => timeouts(o).Connect = Span(v),
            ["Timeouts:Handshake"] = (o, _, v) => timeouts(o).Handshake = Span(v),
            ["Timeouts:Request"] = (o, _, v) => timeouts(o).Request = Span(v),
            ["Timeouts:Close"] = (o, _, v) => timeouts(o).Close = Span(v),
            ["Reconnect:Enabled"] = (o, _, v) => reconnect(o).Enabled = Truth(v),
            ["Reconnect:FirstDelay"] = (o, _, v) => reconnect(o).FirstDelay = Span(v),
            ["Reconnect:LongestDelay"] = (o, _, v) => reconnect(o).LongestDelay = Span(v),
            ["Ping:Interval"] = (o, _, v) => ping(o).Interval =
                Span(v) is var interval && interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : interval,
            ["Ping:AnswerTimeout"] = (o, _, v) => ping(o).AnswerTimeout = Span(v),
            ["Dispatch:Concurrency"] = (_, d, v) => d.Concurrency = Number(v),
            ["Dispatch:Capacity"] = (_, d, v) => d.Capacity = Number(v),
            ["Dispatch:StopTimeout"] = (_, d, v) => d.StopTimeout = Span(v),
            ["Dispatch:ReplyChain"] = (_, d, v) => d.ReplyChain = Number(v),
            ["Dispatch:FailureReply"] = (_, d, v) => d.FailureReply = v,
        });
}
