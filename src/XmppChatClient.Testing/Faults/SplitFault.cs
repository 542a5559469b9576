namespace XmppChatClient.Testing.Faults;

/// <summary>What the server writes goes in pieces.</summary>
internal sealed class SplitFault(FaultHooks hooks, Jid? account, int bytesPerWrite) : Fault(hooks, account)
{
    public override async ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next)
    {
        wire.SplitReads(bytesPerWrite);
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, bytesPerWrite)];
            bytes = bytes[piece.Length..];
            await next(piece).ConfigureAwait(false);
        }
    }
}
