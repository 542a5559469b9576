using System.Globalization;

namespace XmppChatClient.NothingLost.Kill;

/// <summary>What became of all messages while a bot was killed.</summary>
/// <param name="Accepted">How many <c>SendAsync</c> of the bot has accepted and said so.</param>
/// <param name="Sent">How many the peer sent.</param>
/// <param name="Lost">Of the accepted: those that the peer did not get.</param>
/// <param name="Doubled">Those that the peer got more than once.</param>
/// <param name="Misplaced">Those that the peer got behind a later one.</param>
/// <param name="Unhandled">Of the peer's: those that the bot did not handle to the end.</param>
/// <param name="Redelivered">Those that were being handled, up to and with the mark, when the process was killed, and were handed
/// out again.</param>
/// <param name="HandledTwice">Those that were handled again although they were not being handled then.</param>
/// <param name="Disordered">Those that the bot was first handed behind a later one.</param>
public sealed record KillResult(
    int Kills, int Accepted, int Sent, IReadOnlyList<int> Lost, IReadOnlyList<int> Doubled, IReadOnlyList<int> Misplaced,
    IReadOnlyList<int> Unhandled, IReadOnlyList<int> Redelivered, IReadOnlyList<int> HandledTwice, IReadOnlyList<int> Disordered)
{
    /// <summary>Whether nothing was lost, doubled or handled twice, and all was in order.</summary>
    public bool IsWhole => Lost.Count + Doubled.Count + Misplaced.Count + Unhandled.Count + HandledTwice.Count + Disordered.Count == 0;

    /// <param name="lives">What the bot said, process by process.</param>
    public static KillResult Of(int kills, int attempted, IReadOnlyList<IReadOnlyList<string>> lives, Party peer)
    {
        var accepted = Numbers("accepted", lives);
        var received = peer.Received;
        var sent = peer.Sent.Select(s => s.Number).ToArray();
        var begun = Numbers("begin", lives);
        var ended = Numbers("end", lives).ToHashSet();
        var redelivered = new List<int>();
        var twice = new List<int>();
        var handled = new HashSet<int>();
        var seen = new HashSet<int>();
        foreach (var life in lives)
        {
            var begins = Numbers("begin", [life]);
            var marked = Numbers("marked", [life]);
            twice.AddRange(begins.Where(handled.Contains).Concat(Repeated(begins)));
            redelivered.AddRange(begins.Where(seen.Contains));
            seen.UnionWith(begins);
            handled.UnionWith(marked);
        }

        return new KillResult(
            kills, accepted.Count, sent.Length, [.. accepted.Except(received)],
            [.. Repeated(received), .. received.Where(n => n > attempted)], Misplacements(received), [.. sent.Except(ended)], redelivered, twice,
            Misplacements([.. begun.Distinct()]));
    }

    public static IReadOnlyList<int> Numbers(string what, IReadOnlyList<IReadOnlyList<string>> lives) =>
    [
        .. lives.SelectMany(life => life).Where(line => line.StartsWith(what + ' ', StringComparison.Ordinal))
            .Select(line => int.Parse(line.AsSpan(what.Length + 1), CultureInfo.InvariantCulture)),
    ];

    public override string ToString() =>
        $"{Kills} kills; to the peer {Accepted} accepted, lost {List(Lost)}, doubled {List(Doubled)}, misplaced {List(Misplaced)}; "
        + $"to the bot {Sent} sent, unhandled {List(Unhandled)}, in the handler and again {List(Redelivered)}, "
        + $"handled twice {List(HandledTwice)}, misplaced {List(Disordered)}";

    private static IEnumerable<int> Repeated(IEnumerable<int> numbers) =>
        numbers.GroupBy(n => n).Where(g => g.Skip(1).Any()).Select(g => g.Key);

    private static List<int> Misplacements(IReadOnlyList<int> numbers)
    {
        var highest = 0;
        var misplaced = new List<int>();
        foreach (var number in numbers.Distinct())
        {
            if (number < highest)
            {
                misplaced.Add(number);
            }

            highest = Math.Max(highest, number);
        }

        return misplaced;
    }

    private static string List(IReadOnlyList<int> numbers) => numbers.Count switch
    {
        0 => "0",
        <= 20 => $"{numbers.Count} ({string.Join(' ', numbers)})",
        _ => $"{numbers.Count} ({string.Join(' ', numbers.Take(20))} …)",
    };
}
