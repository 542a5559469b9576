namespace XmppChatClient.Transports.Dns;

/// <summary>What DNS said, for as long as it holds, and for a day at most.</summary>
internal sealed class ServiceMemory(TimeProvider time)
{
    // Each name that a server sends us to is one.
    private const int MostNames = 32;

    private readonly TimedMemory<string, ServiceAnswer> _answers = new(MostNames);

    /// <returns><see langword="null"/> when nothing is known, or no longer.</returns>
    public ServiceAnswer? Recall(string name) => _answers.Recall(name, time);

    public void Keep(string name, ServiceAnswer answer) => _answers.Keep(name, answer, answer.TimeToLive, time);

    public void Forget(string name) => _answers.Forget(name);
}
