namespace Benchmarks.Load;

/// <summary>What one run of a bot came to.</summary>
/// <param name="Allocated">Bytes a message, by the bot's own account; NaN when it gives none.</param>
internal sealed record BotResult(
    BotCommand Bot, Link Link, TimeSpan StartToOnline, long PeakResident, int Threads, double Allocated, IReadOnlyList<PhaseResult> Phases);
