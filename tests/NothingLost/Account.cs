namespace XmppChatClient.NothingLost;

/// <summary>What became of the messages that one party sent to another.</summary>
/// <param name="Sent">How many were taken by the client.</param>
/// <param name="Arrived">How many came, each counted once.</param>
/// <param name="Lost">Those whose receipts say so. Some may have arrived: nobody can tell.</param>
/// <param name="Returned">Those that the server sent back with an error.</param>
/// <param name="Missing">Those that the server acknowledged, and that neither came nor were sent back.</param>
/// <param name="Doubled">Those that came more than once.</param>
/// <param name="Misplaced">Those that came for the first time behind a later one.</param>
public sealed record Account(
    int Sent, int Arrived, IReadOnlyList<int> Lost, IReadOnlyList<int> Returned, IReadOnlyList<int> Missing,
    IReadOnlyList<int> Doubled, IReadOnlyList<int> Misplaced)
{
    /// <summary>Whether nothing happened that was not said.</summary>
    public bool IsHonest => Missing.Count + Doubled.Count + Misplaced.Count == 0;

    /// <summary>Whether all arrived, once and in order.</summary>
    public bool IsWhole => IsHonest && Arrived == Sent;

    public static Account Of(Party from, Party to)
    {
        var received = to.Received;
        var arrived = received.ToHashSet();
        var lost = new List<int>();
        var returned = new List<int>();
        var missing = new List<int>();
        var sent = from.Sent;
        foreach (var (number, receipt) in sent)
        {
            if (receipt.State == SendState.Lost)
            {
                lost.Add(number);
            }
            else if (from.ReturnedAsync(number).IsCompleted)
            {
                returned.Add(number);
            }
            else if (!arrived.Contains(number))
            {
                missing.Add(number);
            }
        }

        var highest = 0;
        var seen = new HashSet<int>();
        var doubled = new List<int>();
        var misplaced = new List<int>();
        foreach (var number in received)
        {
            if (!seen.Add(number))
            {
                doubled.Add(number);
            }
            else if (number < highest)
            {
                misplaced.Add(number);
            }

            highest = Math.Max(highest, number);
        }

        return new Account(sent.Count, arrived.Count, lost, returned, missing, doubled, misplaced);
    }

    public override string ToString() =>
        $"{Arrived} of {Sent} arrived, lost {List(Lost)}, returned {List(Returned)}, missing {List(Missing)}, "
        + $"doubled {List(Doubled)}, misplaced {List(Misplaced)}";

    private static string List(IReadOnlyList<int> numbers) => numbers.Count switch
    {
        0 => "0",
        <= 20 => $"{numbers.Count} ({string.Join(' ', numbers)})",
        _ => $"{numbers.Count} ({string.Join(' ', numbers.Take(20))} …)",
    };
}
