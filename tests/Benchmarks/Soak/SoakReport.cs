using XmppChatClient.NothingLost;

namespace Benchmarks.Soak;

/// <summary>What a soak has come to so far.</summary>
internal sealed class SoakReport
{
    private long _sent;
    private long _arrived;
    private long _lost;
    private long _missing;
    private long _doubled;
    private long _misplaced;

    public bool IsHonest => _missing + _doubled + _misplaced == 0;

    public void Add(Account account)
    {
        _sent += account.Sent;
        _arrived += account.Arrived;
        _lost += account.Lost.Count + account.Returned.Count;
        _missing += account.Missing.Count;
        _doubled += account.Doubled.Count;
        _misplaced += account.Misplaced.Count;
    }

    public override string ToString() =>
        $"{_arrived} of {_sent} arrived, {_lost} said to be lost, {_missing} lost, {_doubled} doubled, {_misplaced} out of order";
}
