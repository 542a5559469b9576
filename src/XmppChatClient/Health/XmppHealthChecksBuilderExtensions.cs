using Microsoft.Extensions.Diagnostics.HealthChecks;
using XmppChatClient.Health;

// Where every library puts its Add method, so that it is there without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a health check of the host's XMPP client.</summary>
public static class XmppHealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultAnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>Adds a check that succeeds while the session of the client that <c>AddXmppClient</c> or <c>AddXmppComponent</c>
    /// registered can be used: it
    /// is online, and the server answers when it is asked what it has and whether it is there. Degraded while handlers are
    /// so slow that nothing more is taken from the server. Its data say the state, since when, the last error, the seconds
    /// since anything came, and how much is not acknowledged and not handled; no address and no text of a message.</summary>
    /// <param name="name">The check's name. Default <c>xmpp</c>.</param>
    /// <param name="failureStatus">What to report when the session cannot be used. Default
    /// <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">By which checks are chosen. Default none.</param>
    /// <param name="answerWithin">How late an answer may be. Zero or more; default 10 s. The connection is given up later, as
    /// <c>StreamManagement:AnswerTimeout</c> and <c>Ping:AnswerTimeout</c> say.</param>
    public static IHealthChecksBuilder AddXmppClient(
        this IHealthChecksBuilder builder,
        string name = "xmpp",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? answerWithin = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var within = answerWithin ?? DefaultAnswerWithin;
        ArgumentOutOfRangeException.ThrowIfLessThan(within, TimeSpan.Zero, nameof(answerWithin));
        return builder.Add(new HealthCheckRegistration(name, services => new XmppHealthCheck(services, within), failureStatus, tags));
    }
}
