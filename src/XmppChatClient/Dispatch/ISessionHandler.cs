namespace XmppChatClient;

/// <summary>Told when sessions start and end, in order and one at a time; messages go on meanwhile.</summary>
public interface ISessionHandler
{
    /// <summary>A session started. Default: nothing.</summary>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <summary>A session, or an attempt at one, ended: the end of the stream. Default: nothing.</summary>
    /// <param name="cancellationToken">Cancelled when the host, stopping, has waited for
    /// <see cref="DispatchOptions.StopTimeout"/>.</param>
    ValueTask HandleEndedAsync(XmppClient client, SessionEnded session, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;
}
