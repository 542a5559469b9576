using System.Net;
using XmppChatClient.Precis;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Transports.Web;

/// <summary>Finds where a domain's WebSocket or BOSH is (XEP-0156 v1.4.0), over https alone.</summary>
internal sealed class HostMetaLookup(XmppClientOptions options, TransportKind kind)
{
    private const int LongestLink = 200;
    private const int LongestFile = 65_536;
    private const int MostRedirects = 5;
    private const int MostEndpoints = 8;

    private static readonly (string Path, Func<byte[], string, IReadOnlyList<string>?> Read)[] Files =
        [("host-meta", HostMetaFile.ReadXml), ("host-meta.json", HostMetaFile.ReadJson)];

    private string Relation => kind == TransportKind.Bosh ? "urn:xmpp:alt-connections:xbosh" : "urn:xmpp:alt-connections:websocket";

    /// <param name="failures">Takes why there are none, or not all.</param>
    public async ValueTask<IReadOnlyList<Uri>> FindAsync(
        string domain, List<string> failures, CancellationToken cancellationToken)
    {
        foreach (var (path, read) in Files)
        {
            var address = new Uri($"https://{Idna.ToAscii(domain)}/.well-known/{path}");
            try
            {
                var file = await FetchAsync(address, cancellationToken).ConfigureAwait(false);
                var links = read(file, Relation)
                    ?? throw new XmppConnectionException(
                        $"{address} is no host-meta file (RFC 6415){WebAnswer.After(PeerText.OneLine(file))}");
                if (Choose(address, links, failures) is { Count: > 0 } endpoints)
                {
                    return endpoints;
                }
            }
            catch (XmppConnectionException e)
            {
                failures.Add(e.Message);
            }
        }

        return [];
    }

    private List<Uri> Choose(Uri address, IReadOnlyList<string> links, List<string> failures)
    {
        if (links.Count == 0)
        {
            failures.Add($"{address} names no {(kind == TransportKind.Bosh ? "BOSH" : "WebSocket")}");
        }

        var endpoints = new List<Uri>();
        foreach (var link in links.Take(MostEndpoints))
        {
            // XEP-0156 §2.2: nothing but wss: and https: here, whatever Tls says.
            if (Uri.TryCreate(link, UriKind.Absolute, out var endpoint)
                && WebEndpoint.ProblemOf(endpoint, kind, TlsMode.Required) is null)
            {
                endpoints.Add(endpoint);
            }
            else
            {
                failures.Add(
                    $"{address} names {PeerText.OneLine(link, LongestLink)}, which is no endpoint with {(kind == TransportKind.Bosh ? "https" : "wss")}:");
            }
        }

        return endpoints;
    }

    /// <exception cref="XmppConnectionException">There is no such file, or not a good one; the message names it.</exception>
    private async ValueTask<byte[]> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        if (options.HostMeta.Recall(address, options.TimeProvider) is { } known)
        {
            return known;
        }

        var check = new CertificateCheck(address.Host, options);
        using var limit = new CancellationTokenSource(options.Timeouts.Connect, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Stream? connection = null;
        var handler = WebHandler.Create(options, check, clientCertificate: null, async (context, token) =>
        {
            // The platform goes on connecting when nobody waits for it any more.
            using var any = CancellationTokenSource.CreateLinkedTokenSource(token, either.Token);
            return connection = await WebHandler.DialAsync(options, context, any.Token).ConfigureAwait(false);
        });

        // From https: to http: the platform follows none.
        (handler.AllowAutoRedirect, handler.MaxAutomaticRedirections) = (true, MostRedirects);
        using var http = new HttpMessageInvoker(handler);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var target = response.Headers.Location is { } location ? WebAnswer.PointsTo(location) : "";
                throw new XmppConnectionException($"{address} {WebAnswer.Status(response)}{target}");
            }

            var file = await ReadAsync(address, response.Content, either.Token).ConfigureAwait(false);

            // How long a redirect is good for is not known.
            if (request.RequestUri == address)
            {
                options.HostMeta.Keep(address, file, response.Headers, options.TimeProvider);
            }

            return file;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new XmppConnectionException($"{address} did not come within {options.Timeouts.Connect.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or NotSupportedException)
        {
            throw new XmppConnectionException($"{address} cannot be read ({check.Problem ?? WebHandler.ReasonsOf(e)})", e);
        }
        finally
        {
            // It would go on with TLS for some seconds.
            connection?.Dispose();
        }
    }

    private static async ValueTask<byte[]> ReadAsync(Uri address, HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestFile + 1];
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        return count <= LongestFile
            ? bytes[..count]
            : throw new XmppConnectionException($"{address} is longer than {LongestFile} bytes");
    }
}
