namespace Benchmarks.Load;

/// <summary>What one phase came to. Times are in microseconds; of the processor, a message.</summary>
internal sealed record PhaseResult(
    Phase Phase, int Echoed, int Unexpected, double Rate, double BotProcessor, double DriverProcessor, double Median, double P99, double Longest);
