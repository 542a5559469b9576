using System.Globalization;

namespace XmppChatClient.Hosting;

/// <summary>How the values of settings are written. What cannot be read is a <see cref="FormatException"/> that says how it
/// should be.</summary>
internal static class SettingValues
{
    public static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException("it must be a whole number");

    public static bool Truth(string text) =>
        bool.TryParse(text, out var truth) ? truth : throw new FormatException("it must be true or false");

    // A bare number would be days, which nobody means; a negative time is none, or for ever by accident.
    public static TimeSpan Span(string text) =>
        text.Contains(':', StringComparison.Ordinal)
        && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span)
        && span >= TimeSpan.Zero
            ? span : throw new FormatException("it must be a time such as 00:00:30");

    // Enum.Parse reads lists and numbers too: "Required,Disabled" would be Disabled.
    public static TEnum Choice<TEnum>(string text)
        where TEnum : struct, Enum =>
        Enum.GetNames<TEnum>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<TEnum>(text, ignoreCase: true)
            : throw new FormatException($"it must be one of {string.Join(", ", Enum.GetNames<TEnum>())}");
}
