using System.Globalization;

namespace XmppChatClient.Transports.Web;

/// <summary>Says in a line what an endpoint answered instead of what it should have, however long and whatever that is.</summary>
internal static class WebAnswer
{
    private const int LongestLocation = 200;

    /// <param name="expected">What it should have been: <c>a WebSocket</c>.</param>
    public static async ValueTask<string> DescribeAsync(
        HttpResponseMessage response, string expected, CancellationToken cancellationToken)
    {
        var answer = Status(response);
        if (response.Headers.Location is { } location)
        {
            return $"{answer}{PointsTo(location)}: name the right Endpoint";
        }

        return $"{answer}{KindOf(response)} instead of {expected}{After(await BeginningAsync(response.Content, cancellationToken).ConfigureAwait(false))}";
    }

    /// <summary>The same, of an answer that was read.</summary>
    public static string Describe(HttpResponseMessage response, string expected, ReadOnlySpan<byte> content) =>
        $"{Status(response)}{(content.IsEmpty ? " with nothing" : KindOf(response))} instead of {expected}{After(PeerText.OneLine(content))}";

    /// <summary>The same, where that alone says it: <c>answered 404 Not Found</c>.</summary>
    public static string Status(HttpResponseMessage response)
    {
        var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return $"answered {code} {PeerText.OneLine(response.ReasonPhrase ?? "")}".TrimEnd();
    }

    public static string PointsTo(Uri location) =>
        $" and points to {PeerText.OneLine(location.ToString(), LongestLocation)}, which is not followed";

    private static string KindOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type ? $" with {type}" : "";

    /// <param name="beginning">Of what it sent.</param>
    public static string After(string beginning) => beginning.Length == 0 ? "" : $": {beginning}";

    private static async ValueTask<string> BeginningAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[PeerText.MostShown];
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return PeerText.OneLine(bytes.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }
    }
}
