using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using XmppChatClient.Hosting;
using XmppChatClient.Ping;

namespace XmppChatClient.Health;

/// <summary>Whether the session of the host's client can be used. That its socket is open says little: a peer that has vanished
/// leaves it so.</summary>
internal sealed class XmppHealthCheck(IServiceProvider services, TimeSpan answerWithin) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failure = context.Registration.FailureStatus;
        try
        {
            var client = services.GetRequiredService<XmppClient>();
            var status = client.GetStatus();
            var pings = client.Find<PingModule>()?.Interval is { } interval && interval != Timeout.InfiniteTimeSpan
                ? interval : (TimeSpan?)null;
            var (problem, isOnlySlow) = Judge(status, pings, answerWithin);
            return Task.FromResult(new HealthCheckResult(
                problem is null ? HealthStatus.Healthy : isOnlySlow ? HealthStatus.Degraded : failure,
                problem ?? $"Online since {Moment(status)}.",
                status.State == SessionState.Online ? null : status.LastError,
                DataOf(status)));
        }
        catch (XmppConfigurationException e)
        {
            return Task.FromResult(new HealthCheckResult(failure, e.Message, e));
        }
    }

    /// <param name="pings">After which silence the server is asked whether it is there; <see langword="null"/> when it never
    /// is.</param>
    /// <returns>What is wrong, if anything is, and whether that is only that handlers are slow.</returns>
    internal static (string? Problem, bool IsOnlySlow) Judge(ClientStatus status, TimeSpan? pings, TimeSpan answerWithin)
    {
        if (status.State != SessionState.Online)
        {
            var standing = status.State switch
            {
                SessionState.Idle => "not started",
                SessionState.Connecting => "connecting",
                SessionState.Waiting => "waiting to connect again",
                _ => "closed",
            };
            return ($"Not online since {Moment(status)}, {standing}{(status.LastError is { } e ? $": {e.Message}" : ".")}", false);
        }

        var problem = status switch
        {
            { AnswerAwaited: { } awaited } when awaited > answerWithin =>
                $"the server has not said for {Seconds(awaited)} s which of {status.Unacknowledged} stanzas it has.",
            { Silence: { } silence } when silence > pings + answerWithin =>
                $"nothing has come from the server for {Seconds(silence)} s, the answer to a ping neither.",
            { IsInboxFull: true } =>
                $"nothing more is taken from the server before some of the {status.Inbox} events that wait are handled.",
            _ => null,
        };
        return (problem is null ? null : $"Online since {Moment(status)}, but {problem}", status.IsInboxFull);
    }

    private static Dictionary<string, object> DataOf(ClientStatus status)
    {
        var data = new Dictionary<string, object>
        {
            ["state"] = status.State.ToString(),
            ["since"] = status.Since,
            ["unacknowledged"] = status.Unacknowledged,
            ["inbox"] = status.Inbox,
        };
        if (status.Silence is { } silence)
        {
            data["secondsSinceReceived"] = Math.Round(silence.TotalSeconds, 1);
        }

        if (status.LastError is { } error)
        {
            data["lastError"] = error.Message;
        }

        return data;
    }

    private static string Moment(ClientStatus status) => status.Since.ToString("u", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}
