namespace Benchmarks.Load;

/// <summary>What the bot's connection is.</summary>
internal enum Link
{
    Plain,
    Tls,
}
