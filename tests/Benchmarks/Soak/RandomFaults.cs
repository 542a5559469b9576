using XmppChatClient.NothingLost.Proxy;

namespace Benchmarks.Soak;

/// <summary>What a bad network does to a link, at random times.</summary>
internal sealed class RandomFaults(FaultProxy proxy, int seed)
{
    private const int LongestPause = 3_000;
    private const int LongestHold = 500;

    // Repeatable, and nothing that anybody may not guess.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    /// <summary>How many faults there were.</summary>
    public int Count { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var planned = new List<PlannedCut>();
        try
        {
            while (true)
            {
                await WaitAsync(LongestPause, cancellationToken);
                Count++;
                await MakeAsync(planned, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The link is well again.
        }
        finally
        {
            planned.ForEach(cut => cut.Dispose());
            proxy.ToServer.Resume();
            proxy.ToClient.Resume();
            proxy.Accept();
        }
    }

    private async Task MakeAsync(List<PlannedCut> planned, CancellationToken cancellationToken)
    {
        var direction = _random.Next(2) == 0 ? proxy.ToServer : proxy.ToClient;
        var kind = (CutKind)_random.Next(2);
        switch (_random.Next(6))
        {
            case 0:
                proxy.Cut(kind);
                break;
            case 1:
                planned.Add(direction.CutAfter(_random.Next(2_000), kind));
                break;
            case 2:
                planned.Add(direction.CutConnectionAfter(proxy.Connections.Count + 1, _random.Next(6_000), kind));
                proxy.Cut(kind);
                break;
            case 3:
                proxy.Swallow();
                break;
            case 4:
                direction.Pause();
                await WaitAsync(LongestHold, cancellationToken);
                direction.Resume();
                break;
            default:
                proxy.Refuse();
                proxy.Cut(kind);
                await WaitAsync(LongestHold, cancellationToken);
                proxy.Accept();
                break;
        }
    }

    private Task WaitAsync(int longest, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(_random.Next(longest)), TimeProvider.System, cancellationToken);
#pragma warning restore CA5394
}
