using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Connects to the first of several addresses that answers, starting one attempt after the other without waiting
/// for a slow one to fail (RFC 8305 §5).</summary>
internal sealed class HappyEyeballs(IStreamDialer dialer, TimeSpan timeout, TimeProvider time)
{
    // RFC 8305 §8, Connection Attempt Delay.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <exception cref="AggregateException">No address answered; one reason for each.</exception>
    public async ValueTask<(Stream Stream, IPEndPoint Address)> DialAsync(
        IReadOnlyList<IPEndPoint> addresses, CancellationToken cancellationToken)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new List<Exception>();
        var running = new List<Task<(Stream, IPEndPoint)>>();
        var next = 0;
        try
        {
            while (next < addresses.Count || running.Count > 0)
            {
                if (next < addresses.Count)
                {
                    running.Add(TryAsync(addresses[next++], race.Token));
                }

                using var patience = CancellationTokenSource.CreateLinkedTokenSource(race.Token);
                var stagger = next < addresses.Count
                    ? Task.Delay(Stagger, time, patience.Token)
                    : Task.Delay(Timeout.InfiniteTimeSpan, time, patience.Token);
                var first = await Task.WhenAny([.. running, stagger]).ConfigureAwait(false);
                await patience.CancelAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (first is not Task<(Stream, IPEndPoint)> attempt)
                {
                    continue;
                }

                running.Remove(attempt);
                try
                {
                    return await attempt.ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or IOException or TimeoutException)
                {
                    failures.Add(e);
                }
            }
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            foreach (var loser in running)
            {
                _ = DropAsync(loser);
            }
        }

        throw new AggregateException(failures);
    }

    // RFC 8305 §4: the families take turns, beginning with the one the resolver put first.
    public static IReadOnlyList<IPEndPoint> Interleave(IEnumerable<IPAddress> addresses, int port)
    {
        var all = addresses.ToList();
        if (all.Count == 0)
        {
            return [];
        }

        var first = all.Where(a => a.AddressFamily == all[0].AddressFamily).ToList();
        var second = all.Where(a => a.AddressFamily != all[0].AddressFamily).ToList();
        var order = new List<IPEndPoint>(all.Count);
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            if (i < first.Count)
            {
                order.Add(new IPEndPoint(first[i], port));
            }

            if (i < second.Count)
            {
                order.Add(new IPEndPoint(second[i], port));
            }
        }

        return order;
    }

    private async Task<(Stream, IPEndPoint)> TryAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return (await dialer.DialAsync(address, either.Token).ConfigureAwait(false), address);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address} did not answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (SocketException e)
        {
            throw new SocketException((int)e.SocketErrorCode, $"{address}: {e.Message}");
        }
    }

    private static async Task DropAsync(Task<(Stream Stream, IPEndPoint Address)> loser)
    {
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully)
        {
            var (stream, _) = await loser.ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
