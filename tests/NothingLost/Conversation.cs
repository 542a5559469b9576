namespace XmppChatClient.NothingLost;

/// <summary>Two parties that write to each other: one over a link that is cut, one over a link that is not.</summary>
public sealed class Conversation(Party subject, Party peer)
{
    private int _settledOfSubject;
    private int _settledOfPeer;
    private volatile Task _sending = Task.CompletedTask;

    public Party Subject => subject;

    public Party Peer => peer;

    /// <summary>Sends that many messages each way, and waits for what becomes of all.</summary>
    /// <param name="isSafe">Whether what was sent is waited for too, as the server is known to lose nothing that it has taken.</param>
    public async Task ExchangeAsync(int messages, bool isSafe, CancellationToken cancellationToken)
    {
        await SendAsync(messages, cancellationToken);
        await SettleAsync(isSafe, cancellationToken);
    }

    /// <summary>Sends that many messages each way.</summary>
    public Task SendAsync(int messages, CancellationToken cancellationToken)
    {
        _sending = peer.SendAsync(subject.Address, messages, cancellationToken);
        return Task.WhenAll(subject.SendAsync(peer.Address, messages, cancellationToken), _sending);
    }

    /// <summary>Waits until the server has all that the peer sends.</summary>
    public async Task PeerSettledAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        foreach (var (_, receipt) in peer.Sent)
        {
            await receipt.SettledAsync(cancellationToken);
        }
    }

    /// <summary>Waits for what becomes of all that was sent.</summary>
    public async Task SettleAsync(bool isSafe, CancellationToken cancellationToken)
    {
        _settledOfSubject = await SettleAsync(subject, peer, _settledOfSubject, isSafe, cancellationToken);
        _settledOfPeer = await SettleAsync(peer, subject, _settledOfPeer, isSafe, cancellationToken);
    }

    /// <summary>Begins new accounts, so that a long conversation takes no more memory than a short one.</summary>
    public void Forget()
    {
        (_settledOfSubject, _settledOfPeer) = (0, 0);
        subject.Forget();
        peer.Forget();
    }

    private static async Task<int> SettleAsync(Party from, Party to, int settled, bool isSafe, CancellationToken cancellationToken)
    {
        var sent = from.Sent;
        foreach (var (number, receipt) in sent.Skip(settled))
        {
            if (await receipt.SettledAsync(cancellationToken) != SendState.Lost && isSafe)
            {
                await Task.WhenAny(to.ArrivedAsync(number), from.ReturnedAsync(number)).WaitAsync(cancellationToken);
            }
        }

        return sent.Count;
    }
}
