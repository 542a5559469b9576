namespace XmppChatClient.NothingLost;

/// <summary>Two parties that write to each other: one over a link that is cut, one over a link that is not.</summary>
public sealed class Conversation(Party subject, Party peer)
{
    private int _settledOfSubject;
    private int _settledOfPeer;

    public Party Subject => subject;

    public Party Peer => peer;

    /// <summary>Sends that many messages each way, and waits for what becomes of all.</summary>
    public async Task ExchangeAsync(int messages, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            subject.SendAsync(peer.Address, messages, cancellationToken),
            peer.SendAsync(subject.Address, messages, cancellationToken));
        _settledOfSubject = await SettleAsync(subject, peer, _settledOfSubject, cancellationToken);
        _settledOfPeer = await SettleAsync(peer, subject, _settledOfPeer, cancellationToken);
    }

    private static async Task<int> SettleAsync(Party from, Party to, int settled, CancellationToken cancellationToken)
    {
        var sent = from.Sent;
        foreach (var (number, receipt) in sent.Skip(settled))
        {
            if (await receipt.SettledAsync(cancellationToken) != SendState.Lost)
            {
                await Task.WhenAny(to.ArrivedAsync(number), from.ReturnedAsync(number)).WaitAsync(cancellationToken);
            }
        }

        return sent.Count;
    }
}
