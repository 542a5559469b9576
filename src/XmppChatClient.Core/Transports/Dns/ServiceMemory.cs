using System.Collections.Immutable;

namespace XmppChatClient.Transports.Dns;

/// <summary>What DNS said, for as long as it holds, and for a day at most.</summary>
internal sealed class ServiceMemory(TimeProvider time)
{
    // Each name that a server sends us to is one.
    private const int MostNames = 32;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private ImmutableDictionary<string, (ServiceAnswer Answer, long Since)> _answers =
        ImmutableDictionary<string, (ServiceAnswer Answer, long Since)>.Empty;

    /// <returns><see langword="null"/> when nothing is known, or no longer.</returns>
    public ServiceAnswer? Recall(string name) =>
        _answers.TryGetValue(name, out var known)
        && time.GetElapsedTime(known.Since) < (known.Answer.TimeToLive < Longest ? known.Answer.TimeToLive : Longest)
            ? known.Answer : null;

    public void Keep(string name, ServiceAnswer answer) => ImmutableInterlocked.Update(
        ref _answers,
        static (answers, added) => (answers.Count >= MostNames ? answers.Clear() : answers).SetItem(added.Key, added.Value),
        KeyValuePair.Create(name, (answer, time.GetTimestamp())));

    public void Forget(string name) => ImmutableInterlocked.TryRemove(ref _answers, name, out _);
}
