using System.Runtime.InteropServices;

namespace Benchmarks.Load;

/// <summary>Ctrl-C and SIGTERM as a token, so that no bot outlives its driver.</summary>
internal sealed class Stopping : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Stopping() => _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(
        signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _source.Cancel();
        }))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }
}
