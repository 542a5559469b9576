namespace XmppChatClient.Testing.Faults;

/// <summary>A fault that makes bytes wait, by the server's clock; when it is ended they wait no longer.</summary>
internal abstract class TimedFault(FaultHooks hooks, Jid? account, TimeProvider clock) : Fault(hooks, account)
{
    private readonly CancellationTokenSource _ended = new();

    public override void Dispose()
    {
        base.Dispose();
        _ended.Cancel();
    }

    /// <exception cref="OperationCanceledException">The connection is over.</exception>
    protected async ValueTask WaitAsync(FaultStream wire, TimeSpan time)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, wire.Disposed);
        await Task.Delay(time, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wire.Disposed.ThrowIfCancellationRequested();
    }
}
