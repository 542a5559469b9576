namespace Benchmarks.Load;

/// <summary>A process of idle sessions.</summary>
/// <param name="Managed">Bytes of managed memory, by its own account; NaN when it gives none.</param>
internal sealed record IdleResult(int Sessions, long Resident, int Threads, double Managed);
