using System.Collections.Concurrent;

namespace XmppChatClient.Transports.Dns;

/// <summary>What DNS said, for as long as it holds, and for a day at most.</summary>
internal sealed class ServiceMemory(TimeProvider time)
{
    // Each name that a server sends us to is one.
    private const int MostNames = 32;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, (ServiceAnswer Answer, long Since)> _answers = new(StringComparer.Ordinal);

    /// <returns><see langword="null"/> when nothing is known, or no longer.</returns>
    public ServiceAnswer? Recall(string name) =>
        _answers.TryGetValue(name, out var known)
        && time.GetElapsedTime(known.Since) < (known.Answer.TimeToLive < Longest ? known.Answer.TimeToLive : Longest)
            ? known.Answer : null;

    public void Keep(string name, ServiceAnswer answer)
    {
        if (_answers.Count >= MostNames)
        {
            _answers.Clear();
        }

        _answers[name] = (answer, time.GetTimestamp());
    }

    public void Forget(string name) => _answers.TryRemove(name, out _);
}
