namespace XmppChatClient.Testing.Faults;

/// <summary>What the server writes goes later.</summary>
internal sealed class DelayFault(FaultHooks hooks, Jid? account, TimeProvider clock, TimeSpan delay)
    : TimedFault(hooks, account, clock)
{
    public override async ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next)
    {
        await WaitAsync(wire, delay).ConfigureAwait(false);
        await next(bytes).ConfigureAwait(false);
    }
}
