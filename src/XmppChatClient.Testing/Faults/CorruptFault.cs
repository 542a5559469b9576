namespace XmppChatClient.Testing.Faults;

/// <summary>One byte of what the server writes arrives with all its bits turned round. Happens once.</summary>
internal sealed class CorruptFault(FaultHooks hooks, Jid? account, long offset) : Fault(hooks, account)
{
    private long _left = offset;

    public override ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next)
    {
        var left = Interlocked.Add(ref _left, -bytes.Length);
        if (left >= 0 || left + bytes.Length < 0)
        {
            return next(bytes);
        }

        Dispose();
        var corrupted = bytes.ToArray();
        corrupted[left + bytes.Length] ^= 0xFF;
        return next(corrupted);
    }
}
