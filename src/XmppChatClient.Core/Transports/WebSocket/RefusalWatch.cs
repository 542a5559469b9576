using System.Net;
using XmppChatClient.Transports.Web;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>Looks at an answer that is no upgrade: what the platform says of it is its number.</summary>
internal sealed class RefusalWatch(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>What the endpoint did instead; <see langword="null"/> when it did as it was asked.</summary>
    public string? Refusal { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            Refusal = await WebAnswer.DescribeAsync(response, "a WebSocket", cancellationToken).ConfigureAwait(false);
        }

        return response;
    }
}
