using System.Globalization;
using System.Net;
using System.Text;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>Looks at an answer that is no upgrade: what the platform says of it is its number.</summary>
internal sealed class RefusalWatch(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostShown = 100;

    /// <summary>What the endpoint did instead; <see langword="null"/> when it did as it was asked.</summary>
    public string? Refusal { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            Refusal = await DescribeAsync(response, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static async ValueTask<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        var answer = $"answered {code} {response.ReasonPhrase}".TrimEnd();
        if (response.Headers.Location is { } location)
        {
            return $"{answer} and points to {location}, which is not followed: name the right Endpoint";
        }

        var kind = response.Content.Headers.ContentType?.MediaType is { } type ? $" with {type}" : "";
        var beginning = await BeginningAsync(response.Content, cancellationToken).ConfigureAwait(false);
        return $"{answer}{kind} instead of a WebSocket{(beginning.Length == 0 ? "" : $": {beginning}")}";
    }

    private static async ValueTask<string> BeginningAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[MostShown];
        int count;
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }

        // One line, whatever is in it.
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, count)).TrimEnd('\uFFFD');
        return string.Join(' ', new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
