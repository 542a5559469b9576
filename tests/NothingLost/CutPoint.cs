using XmppChatClient.NothingLost.Proxy;

namespace XmppChatClient.NothingLost;

/// <summary>Where a link is cut.</summary>
/// <param name="Offset">How many bytes of the window pass before.</param>
public readonly record struct CutPoint(bool ToServer, long Offset, CutKind Kind)
{
    /// <summary>Each offset of a window both ways, with both kinds of cut in turn.</summary>
    /// <param name="step">Which offsets: 1 for every one.</param>
    public static IEnumerable<CutPoint> Every(long toServer, long toClient, long step = 1) =>
        [.. OneWay(true, toServer, step), .. OneWay(false, toClient, step)];

    /// <summary>Random offsets of a window, both ways.</summary>
    public static IEnumerable<CutPoint> Some(long toServer, long toClient, int count, int seed)
    {
        // Repeatable, and nothing that anybody may not guess.
#pragma warning disable CA5394
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var isToServer = random.Next(2) == 0;
            yield return new CutPoint(
                isToServer, random.NextInt64(isToServer ? toServer : toClient), (CutKind)random.Next(2));
        }
#pragma warning restore CA5394
    }

    private static IEnumerable<CutPoint> OneWay(bool toServer, long length, long step)
    {
        for (var offset = 0L; offset < length; offset += step)
        {
            yield return new CutPoint(toServer, offset, (offset / step) % 2 == 0 ? CutKind.Reset : CutKind.Finish);
        }
    }
}
