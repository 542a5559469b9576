namespace Benchmarks.Load;

/// <summary>A bot did not do what it is to be measured at.</summary>
internal sealed class BotFailureException(string message, Exception? innerException = null) : Exception(message, innerException);
