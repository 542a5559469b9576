using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace XmppChatClient.Dispatch;

/// <summary>The bot framework's instruments, under the same name as the client's.</summary>
internal static class HandlerTelemetry
{
    private const string Name = "XmppChatClient";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("xmpp.bot.handler.duration", "s", "How long a handler took, failed or not.");

    public static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("xmpp.bot.handler.failures", "{failure}", "Exceptions that handlers let out.");

    /// <summary>What tells handlers apart in the figures: there are few of them.</summary>
    public static KeyValuePair<string, object?> TagOf(Type handler) => new("handler", handler.Name);
}
