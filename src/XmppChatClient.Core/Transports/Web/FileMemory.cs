using System.Net.Http.Headers;

namespace XmppChatClient.Transports.Web;

/// <summary>Files of the web, for as long as whoever serves them says that they are good (RFC 9111 §4.2), and for a day at most.</summary>
internal sealed class FileMemory
{
    // Each is 64 KiB at most, and a domain has two.
    private const int MostFiles = 4;

    private readonly TimedMemory<Uri, byte[]> _files = new(MostFiles);

    /// <returns><see langword="null"/> when it is not known, or no longer good.</returns>
    public byte[]? Recall(Uri address, TimeProvider time) => _files.Recall(address, time);

    public void Keep(Uri address, byte[] file, HttpResponseHeaders headers, TimeProvider time) =>
        _files.Keep(address, file, LifetimeOf(headers), time);

    /// <summary>Has everything fetched anew: what a file named cannot be reached any more.</summary>
    public void Clear() => _files.Clear();

    // Without max-age nothing is kept: what else would be guessed from is of no use for so little.
    private static TimeSpan LifetimeOf(HttpResponseHeaders headers) =>
        headers.CacheControl is { NoStore: false, NoCache: false, MaxAge: { } age } ? age - (headers.Age ?? TimeSpan.Zero) : TimeSpan.Zero;
}
