namespace Benchmarks.Echo;

/// <summary>What the bot did since it came online.</summary>
internal sealed class EchoTally
{
    private long _messages;
    private long _allocatedBefore;

    public void Online() => Interlocked.CompareExchange(ref _allocatedBefore, GC.GetTotalAllocatedBytes(precise: true), 0);

    public void Handled() => Interlocked.Increment(ref _messages);

    public string Report()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - Interlocked.Read(ref _allocatedBefore);
        return $"REPORT allocated={allocated} messages={Interlocked.Read(ref _messages)}";
    }
}
