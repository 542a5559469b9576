using System.Globalization;

namespace XmppChatClient.Timestamps;

/// <summary>Times as XEP-0082 v1.1.1 §3.2 writes them, for all payloads that hold some.</summary>
internal static class Timestamp
{
    /// <summary>Reads a time, of UTC or with an offset.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        // Without an offset it would be a time of nowhere, and the platform would take ours.
        var isParsed = DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        return isParsed && (text![^1] == 'Z' || text.AsSpan("yyyy-MM-ddT".Length).IndexOfAny('+', '-') >= 0);
    }

    /// <summary>Writes a time as UTC, to the microsecond: servers keep no more.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
