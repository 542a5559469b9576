using System.Net;
using System.Net.Http.Headers;

namespace XmppChatClient.Transports.Bosh;

/// <summary>What a request carries, which says when it is on its way.</summary>
internal sealed class BoshContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Kind = new("text/xml", "utf-8");

    private readonly byte[] _body;
    private readonly Action? _written;

    /// <param name="written">Called when all of it has been handed to the network.</param>
    public BoshContent(byte[] body, Action? written)
    {
        (_body, _written) = (body, written);
        Headers.ContentType = Kind;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_body, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _written?.Invoke();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
