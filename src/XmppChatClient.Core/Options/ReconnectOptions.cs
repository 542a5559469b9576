namespace XmppChatClient;

/// <summary>How to come back after transient trouble: exponential backoff with jitter.</summary>
public sealed class ReconnectOptions
{
    /// <summary>Whether to come back at all. Default <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>About how long to wait before the first attempt; each further wait is about twice the one before.
    /// Default 1 s.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between attempts. Default 2 min.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMinutes(2);
}
