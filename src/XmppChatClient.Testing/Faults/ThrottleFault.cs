namespace XmppChatClient.Testing.Faults;

/// <summary>What the server writes goes slowly: in ten pieces a second.</summary>
internal sealed class ThrottleFault(FaultHooks hooks, Jid? account, TimeProvider clock, int bytesPerSecond)
    : TimedFault(hooks, account, clock)
{
    public override async ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next)
    {
        var longest = Math.Max(1, bytesPerSecond / 10);
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, longest)];
            bytes = bytes[piece.Length..];
            await WaitAsync(wire, TimeSpan.FromSeconds((double)piece.Length / bytesPerSecond)).ConfigureAwait(false);
            await next(piece).ConfigureAwait(false);
        }
    }
}
