namespace XmppChatClient.Testing.Faults;

/// <summary>A connection ends after so many bytes. Happens once.</summary>
internal sealed class DropAfterBytesFault(FaultHooks hooks, Jid? account, long count, bool closeStream) : Fault(hooks, account)
{
    private long _left = count;

    public override async ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next)
    {
        var left = Interlocked.Add(ref _left, -bytes.Length);
        if (left > 0 || left + bytes.Length <= 0)
        {
            await next(bytes).ConfigureAwait(false);
            return;
        }

        Dispose();
        if (closeStream)
        {
            await next(bytes).ConfigureAwait(false);
            wire.Connection.Close();
        }
        else
        {
            await next(bytes[..(int)(left + bytes.Length)]).ConfigureAwait(false);
            wire.EndOutput();
            wire.Connection.Cut();
        }
    }
}
