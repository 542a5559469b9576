namespace XmppChatClient.Session;

/// <summary>How long to wait before connecting again: about twice as long each time, up to a limit, with jitter so that
/// clients that lost one server do not come back together.</summary>
/// <remarks>Polly's retry counts the attempts of one execution. Here a session that ends right after its start belongs to
/// the same trouble as the attempts before it, so what resets the count is a session that lasted.</remarks>
internal sealed class Backoff(ReconnectOptions options, Func<double> random)
{
    // Long enough for addresses and names to work again, and for a storm of changes to be one.
    private static readonly TimeSpan ShortestAfterChange = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>The next wait, between half and the whole of the current step.</summary>
    public TimeSpan Next()
    {
        var step = options.FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30));
        var longest = Math.Min(step, options.LongestDelay.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (random() / 2)));
    }

    /// <summary>What is left of a wait at most when the network has changed: between one second and one and a half. Attempts
    /// are never closer to each other for it.</summary>
    public TimeSpan AfterChange() => ShortestAfterChange * (1 + (random() / 2));

    /// <summary>A session has ended that lasted this long.</summary>
    /// <returns>Whether that is long enough for what comes to be trouble of its own.</returns>
    public bool SessionLasted(TimeSpan duration)
    {
        if (duration < options.LongestDelay)
        {
            return false;
        }

        _failures = 0;
        return true;
    }
}
