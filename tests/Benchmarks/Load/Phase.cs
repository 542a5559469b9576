using System.Globalization;

namespace Benchmarks.Load;

/// <summary>So many messages, of which so many are on their way or with the bot at any time.</summary>
internal sealed record Phase(int Window, int Messages)
{
    /// <summary>Reads <c>WINDOW:MESSAGES,…</c>.</summary>
    public static Phase[] ParseAll(string text) => [.. text.Split(',').Select(Parse)];

    private static Phase Parse(string text) =>
        text.Split(':') is [var window, var messages] ? new Phase(Positive(window), Positive(messages))
        : throw new FormatException($"'{text}' is no phase; WINDOW:MESSAGES is, such as 64:10000.");

    private static int Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new FormatException($"'{text}' is no positive number.");
}
