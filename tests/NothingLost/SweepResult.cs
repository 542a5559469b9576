namespace XmppChatClient.NothingLost;

/// <summary>What a sweep came to.</summary>
/// <param name="FromSubject">What the client sent whose link was cut.</param>
/// <param name="ToSubject">What it was sent.</param>
/// <param name="Cuts">Planned cuts that were made.</param>
/// <param name="Resumed">How often its session went on over another connection.</param>
/// <param name="SessionsLost">How often it had to begin a new one.</param>
public sealed record SweepResult(Account FromSubject, Account ToSubject, long Cuts, long Resumed, long SessionsLost)
{
    public override string ToString() =>
        $"{Cuts} cuts, {Resumed} resumed, {SessionsLost} sessions lost\n  from the subject: {FromSubject}\n  to the subject: {ToSubject}";
}
