using System.Collections.Immutable;

namespace XmppChatClient.Transports;

/// <summary>What others said of themselves, for as long as they say that it holds, and for a day at most. Any thread. Takes next to
/// nothing while it is empty, as it mostly is.</summary>
/// <param name="most">How much of it. Beyond that all is forgotten first.</param>
internal sealed class TimedMemory<TKey, TValue>(int most)
    where TKey : notnull
    where TValue : class
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private ImmutableDictionary<TKey, (TValue Value, TimeSpan Lifetime, long Since)> _known =
        ImmutableDictionary<TKey, (TValue Value, TimeSpan Lifetime, long Since)>.Empty;

    /// <returns><see langword="null"/> when it is not known, or holds no longer.</returns>
    public TValue? Recall(TKey key, TimeProvider time) =>
        _known.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since) < known.Lifetime ? known.Value : null;

    /// <param name="lifetime">How long it holds; what does not hold at all is not kept, and what was known before is forgotten.</param>
    public void Keep(TKey key, TValue value, TimeSpan lifetime, TimeProvider time)
    {
        Forget(key);
        if (lifetime > TimeSpan.Zero)
        {
            ImmutableInterlocked.Update(
                ref _known,
                static (known, added) => (known.Count >= added.Most ? known.Clear() : known).SetItem(added.Key, added.Entry),
                (Most: most, Key: key, Entry: (value, lifetime < Longest ? lifetime : Longest, time.GetTimestamp())));
        }
    }

    public void Forget(TKey key) => ImmutableInterlocked.TryRemove(ref _known, key, out _);

    public void Clear() => ImmutableInterlocked.Update(ref _known, static known => known.Clear());
}
