using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Faults;

/// <summary>A connection's bytes on their way to the client, with whatever faults there are at that moment.</summary>
internal sealed class FaultStream(FaultHooks hooks, ServerConnection connection, Stream wire) : AsyncStream
{
    private readonly CancellationTokenSource _disposed = new();
    private bool _ended;

    public ServerConnection Connection => connection;

    /// <summary>Ends with this stream.</summary>
    public CancellationToken Disposed => _disposed.Token;

    /// <summary>Lets nothing more pass, and nobody know.</summary>
    public void EndOutput() => _ended = true;

    /// <summary>Cuts what the client reads into pieces of that many bytes. In memory only: what becomes of pieces that are
    /// written to TCP is up to the system.</summary>
    public void SplitReads(int? bytes)
    {
        if (wire is MemoryWire memory)
        {
            memory.Other.Limit = bytes is { } limit ? (_, _) => limit : null;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        wire.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var faults = hooks.Active;
        return faults.Length == 0 && !_ended ? wire.WriteAsync(buffer, cancellationToken) : PassAsync(faults, 0, buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed.Cancel();
            wire.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueTask PassAsync(Fault[] faults, int index, ReadOnlyMemory<byte> bytes)
    {
        while (index < faults.Length && !faults[index].Concerns(connection))
        {
            index++;
        }

        if (index < faults.Length)
        {
            return faults[index].WriteAsync(this, bytes, passed => PassAsync(faults, index + 1, passed));
        }

        return _ended ? ValueTask.CompletedTask : wire.WriteAsync(bytes, _disposed.Token);
    }
}
