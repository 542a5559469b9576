using System.Globalization;
using System.Text;

namespace XmppChatClient.Transports.Proxies;

/// <summary>What a proxy answers: read no further than it goes, since what comes behind it is the target's, and kept for the
/// message that says what came instead.</summary>
internal sealed class ProxyAnswer(Stream stream)
{
    private const int Longest = 16_384;
    private const int MostShown = 100;

    private readonly byte[] _bytes = new byte[Longest];
    private int _count;

    /// <summary>The beginning of what came, in one line; empty when nothing did.</summary>
    public string Beginning => OneLine(Encoding.UTF8.GetString(_bytes, 0, Math.Min(_count, MostShown)).TrimEnd('\uFFFD'));

    /// <summary>The next bytes, as many as that.</summary>
    /// <exception cref="ProxyException">It ended before them, or is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int count, CancellationToken cancellationToken)
    {
        var from = _count;
        while (_count < from + count)
        {
            if (from + count > Longest)
            {
                throw new ProxyException($"answered with more than {Longest} bytes: {Beginning}");
            }

            var more = await stream.ReadAsync(_bytes.AsMemory(_count, from + count - _count), cancellationToken).ConfigureAwait(false);
            if (more == 0)
            {
                throw new ProxyException(_count == 0
                    ? "closed the connection without an answer" : $"closed the connection in the middle of its answer: {Beginning}");
            }

            _count += more;
        }

        return _bytes.AsMemory(from, count);
    }

    /// <summary>The next line, without its end.</summary>
    /// <exception cref="ProxyException">It ended before that, or is too long.</exception>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var from = _count;
        while ((await ReadAsync(1, cancellationToken).ConfigureAwait(false)).Span[0] != '\n')
        {
        }

        return Encoding.Latin1.GetString(_bytes, from, _count - from).TrimEnd('\r', '\n');
    }

    /// <summary>A peer's text as a part of a message: short, and without what would change the line around it.</summary>
    public static string OneLine(string text)
    {
        var safe = text.Length <= MostShown ? text : text[..MostShown];
        return string.Join(' ', new string([.. safe.Select(c => IsSafe(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsSafe(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);
}
