namespace EchoBot.QuickStart;

/// <summary>A line of the input.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its end; null when it cannot be sent.</param>
/// <param name="Fault">Why it cannot.</param>
internal sealed record InputLine(int Number, string? Text, string? Fault);
