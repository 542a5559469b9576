using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace XmppChatClient.Transports.Web;

/// <summary>Files of the web, for as long as whoever serves them says that they are good (RFC 9111 §4.2), and for a day at most.</summary>
internal sealed class FileMemory
{
    // Each is 64 KiB at most, and a domain has two.
    private const int MostFiles = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private ImmutableDictionary<Uri, (byte[] File, TimeSpan Lifetime, long Since)> _files =
        ImmutableDictionary<Uri, (byte[] File, TimeSpan Lifetime, long Since)>.Empty;

    /// <returns><see langword="null"/> when it is not known, or no longer good.</returns>
    public byte[]? Recall(Uri address, TimeProvider time) =>
        _files.TryGetValue(address, out var known) && time.GetElapsedTime(known.Since) < known.Lifetime ? known.File : null;

    public void Keep(Uri address, byte[] file, HttpResponseHeaders headers, TimeProvider time)
    {
        ImmutableInterlocked.TryRemove(ref _files, address, out _);
        if (LifetimeOf(headers) is var lifetime && lifetime <= TimeSpan.Zero)
        {
            return;
        }

        ImmutableInterlocked.Update(
            ref _files,
            static (files, added) => (files.Count >= MostFiles ? files.Clear() : files).SetItem(added.Key, added.Value),
            KeyValuePair.Create(address, (file, lifetime < Longest ? lifetime : Longest, time.GetTimestamp())));
    }

    /// <summary>Has everything fetched anew: what a file named cannot be reached any more.</summary>
    public void Clear() => ImmutableInterlocked.Update(ref _files, static files => files.Clear());

    // Without max-age nothing is kept: what else would be guessed from is of no use for so little.
    private static TimeSpan LifetimeOf(HttpResponseHeaders headers) =>
        headers.CacheControl is { NoStore: false, NoCache: false, MaxAge: { } age } ? age - (headers.Age ?? TimeSpan.Zero) : TimeSpan.Zero;
}
