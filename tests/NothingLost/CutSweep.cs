using XmppChatClient.NothingLost.Proxy;

namespace XmppChatClient.NothingLost;

/// <summary>Has two parties write to each other while the link of one is cut at one byte after another.</summary>
public sealed class CutSweep(FaultProxy proxy, Conversation conversation)
{
    /// <summary>Messages each way for each cut.</summary>
    public int Messages { get; init; } = 3;

    /// <summary>What else goes wrong when the link has been cut. Default nothing.</summary>
    public Func<Task> AfterCut { get; init; } = () => Task.CompletedTask;

    /// <summary>Whether each link is cut in the middle of an exchange anyway, and the window is the link after that: its login,
    /// the resumption, and what is sent again. Default <see langword="false"/>: the window is an exchange.</summary>
    public bool CutsNextLink { get; init; }

    /// <summary>Whether the server itself loses what it has taken. It is then counted as missing, and not waited for. Default
    /// <see langword="false"/>.</summary>
    public bool ServerMayLose { get; init; }

    /// <summary>How many bytes there are to cut at, each way.</summary>
    public async Task<(long ToServer, long ToClient)> MeasureAsync(CancellationToken cancellationToken)
    {
        // The first has what only comes once, such as what the peer's server wants to know of ours.
        await ExchangeAsync(isSafe: true, cancellationToken);
        var (toServer, toClient) = (proxy.ToServer.Passed.Count, proxy.ToClient.Passed.Count);
        if (CutsNextLink)
        {
            proxy.Cut();
        }

        await ExchangeAsync(isSafe: true, cancellationToken);
        return (proxy.ToServer.Passed.Count - toServer, proxy.ToClient.Passed.Count - toClient);
    }

    public async Task<SweepResult> RunAsync(IEnumerable<CutPoint> points, CancellationToken cancellationToken)
    {
        foreach (var point in points)
        {
            using var cut = Plan(point);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var exchange = conversation.ExchangeAsync(Messages, !ServerMayLose, giveUp.Token);
            if (CutsNextLink)
            {
                proxy.Cut(point.Kind);
            }

            try
            {
                if (await Task.WhenAny(exchange, cut.Made).WaitAsync(Hang.Limit, cancellationToken) != exchange)
                {
                    await AfterCut();
                }

                await exchange.WaitAsync(Hang.Limit, cancellationToken);
            }
            catch (TimeoutException e)
            {
                await giveUp.CancelAsync();
                throw new TimeoutException($"Nothing went on after {point}. {Result()}", e);
            }
        }

        // What comes twice has come by the time that what was sent behind it has. Nothing is cut any more, but the last session may be
        // so new that the server still keeps for later what comes for it.
        await conversation.Subject.PresentAsync(cancellationToken).WaitAsync(Hang.Limit, cancellationToken);
        await ExchangeAsync(isSafe: true, cancellationToken);
        return Result();
    }

    private PlannedCut Plan(CutPoint point)
    {
        var direction = point.ToServer ? proxy.ToServer : proxy.ToClient;
        return CutsNextLink
            ? direction.CutConnectionAfter(proxy.Connections.Count + 1, point.Offset, point.Kind)
            : direction.CutAfter(point.Offset, point.Kind);
    }

    private SweepResult Result() => new(
        Account.Of(conversation.Subject, conversation.Peer), Account.Of(conversation.Peer, conversation.Subject),
        proxy.Cuts.Count, conversation.Subject.Resumptions.Count, conversation.Subject.Sessions.Count - 1);

    private async Task ExchangeAsync(bool isSafe, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await conversation.ExchangeAsync(Messages, isSafe, giveUp.Token).WaitAsync(Hang.Limit, cancellationToken);
        }
        finally
        {
            await giveUp.CancelAsync();
        }
    }
}
