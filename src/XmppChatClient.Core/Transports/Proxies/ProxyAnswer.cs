using System.Text;

namespace XmppChatClient.Transports.Proxies;

/// <summary>What a proxy answers: read no further than it goes, since what comes behind it is the target's, and kept for the
/// message that says what came instead.</summary>
internal sealed class ProxyAnswer(Stream stream)
{
    private const int Longest = 16_384;

    private readonly byte[] _bytes = new byte[Longest];
    private int _count;

    /// <summary>The beginning of what came, in one line; empty when nothing did.</summary>
    public string Beginning => PeerText.OneLine(_bytes.AsSpan(0, _count));

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
}
