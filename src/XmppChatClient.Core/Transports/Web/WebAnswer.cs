using System.Globalization;
using System.Text;

namespace XmppChatClient.Transports.Web;

/// <summary>Says in a line what an endpoint answered instead of what it should have, however long and whatever that is.</summary>
internal static class WebAnswer
{
    private const int MostShown = 100;
    private const int LongestLocation = 200;

    /// <param name="expected">What it should have been: <c>a WebSocket</c>.</param>
    public static async ValueTask<string> DescribeAsync(
        HttpResponseMessage response, string expected, CancellationToken cancellationToken)
    {
        var answer = Status(response);
        if (response.Headers.Location is { } location)
        {
            return $"{answer} and points to {Safe(location.ToString(), LongestLocation)}, which is not followed: name the right Endpoint";
        }

        return $"{answer}{KindOf(response)} instead of {expected}{After(await BeginningAsync(response.Content, cancellationToken).ConfigureAwait(false))}";
    }

    /// <summary>The same, of an answer that was read.</summary>
    public static string Describe(HttpResponseMessage response, string expected, ReadOnlySpan<byte> content) =>
        $"{Status(response)}{(content.IsEmpty ? " with nothing" : KindOf(response))} instead of {expected}{After(Beginning(content))}";

    /// <summary>The beginning of a text, in one line, and without what would change the line around it.</summary>
    public static string Safe(string text, int longest = MostShown)
    {
        var shown = text.Length > longest ? text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] : text;
        var safe = new string([.. shown.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse ? ' ' : c)]);
        return string.Join(' ', safe.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Status(HttpResponseMessage response)
    {
        var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return $"answered {code} {Safe(response.ReasonPhrase ?? "")}".TrimEnd();
    }

    private static string KindOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type ? $" with {type}" : "";

    private static string After(string beginning) => beginning.Length == 0 ? "" : $": {beginning}";

    private static async ValueTask<string> BeginningAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[MostShown];
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return Beginning(bytes.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }
    }

    private static string Beginning(ReadOnlySpan<byte> bytes) =>
        Safe(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostShown)]).TrimEnd('\uFFFD'));
}
