using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Transports.Web;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Makes the HTTP requests of one session, over as many connections as it takes, and judges what is answered.</summary>
internal sealed class BoshHttp : IDisposable
{
    // A response holds what has waited: many stanzas, each of which is held to its own limit.
    private const int StanzasInBody = 8;
    private const int ShortestLimit = 8 * 1024 * 1024;
    private const int InputSize = 16_384;
    private const int SmallestRead = 4_096;

    private readonly XmppClientOptions _options;
    private readonly Uri _endpoint;
    private readonly XmlLimits _limits;
    private readonly CertificateCheck _check;
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _life = new();
    private volatile ServerTls? _tls;

    public BoshHttp(XmppClientOptions options, X509Certificate2? clientCertificate, Uri endpoint)
    {
        _options = options;
        _endpoint = endpoint;
        Name = WebEndpoint.NameOf(endpoint);
        _limits = options.Limits.ToXmlLimits();
        Longest = (int)Math.Clamp((long)_limits.StanzaBytes * StanzasInBody, ShortestLimit, Array.MaxLength);
        _check = new CertificateCheck(Name, options);
        var handler = WebHandler.Create(options, _check, clientCertificate, DialAsync);
        handler.PlaintextStreamFilter = LookAtTls;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>The endpoint, for messages.</summary>
    public string Name { get; }

    /// <summary>The version of TLS; <see langword="null"/> without TLS.</summary>
    public string? Tls => _tls?.Version;

    public bool HasClientCertificate => _tls is { HasClientCertificate: true };

    public bool IsEncrypted => _endpoint.Scheme == "https";

    /// <summary>The longest response that is read, in bytes.</summary>
    public int Longest { get; }

    /// <param name="body">What is sent, as it is.</param>
    /// <param name="written">Called when that is on its way.</param>
    /// <param name="cancellationToken">Ends the attempt, which is then not known to have failed: it throws.</param>
    public async ValueTask<BoshAnswer> PostAsync(byte[] body, Action? written, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new BoshContent(body, written) };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response, cancellationToken).ConfigureAwait(false)
                : await JudgeAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return this switch
            {
                // They could be read when the client was made: whoever is replacing them will be done soon.
                { _check.RootsProblem: { } problem } => BoshAnswer.Wrong(new XmppConnectionException(problem.Message, problem)),
                { _check.Problem: { } problem } => BoshAnswer.Wrong(new XmppSecurityException(problem, e)),
                _ => BoshAnswer.Lost($"{Name} cannot be reached ({WebHandler.ReasonsOf(e)})", e),
            };
        }
    }

    /// <summary>Cuts all connections.</summary>
    public void Dispose()
    {
        _life.Cancel();
        _http.Dispose();
    }

    private async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The platform goes on connecting when nobody waits for it any more.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _life.Token);
        return await WebHandler.DialAsync(_options, context, either.Token).ConfigureAwait(false);
    }

    private ValueTask<Stream> LookAtTls(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        // On the way through a proxy there is first a stream to that, and over http: no other. What it is must be asked before it ends.
        if (IsEncrypted && context.PlaintextStream is SslStream tls)
        {
            _tls = new ServerTls(TlsUpgrade.NameOf(tls.SslProtocol), tls.LocalCertificate is not null);
        }

        return new ValueTask<Stream>(context.PlaintextStream);
    }

    private async ValueTask<BoshAnswer> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = $"{Name} {await WebAnswer.DescribeAsync(response, "BOSH", cancellationToken).ConfigureAwait(false)}";
        var status = (int)response.StatusCode;

        // What proxies say of a server that they have lost, or of themselves.
        if (status is 408 or 429 or >= 500)
        {
            return BoshAnswer.Lost(answer);
        }

        return BoshAnswer.Wrong(new XmppConnectionException(answer), BoshEnd.ConditionOf(status));
    }

    private async ValueTask<BoshAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var input = new PooledBuffer(InputSize);
        try
        {
            int count;
            do
            {
                count = await stream.ReadAsync(input.GetMemory(SmallestRead), cancellationToken).ConfigureAwait(false);
                input.Advance(count);
                if (input.Length > Longest)
                {
                    return BoshAnswer.Wrong(new XmppProtocolException(
                        StreamErrorCondition.PolicyViolation, $"{Name} sent a response that is longer than the limit of {Longest} bytes."));
                }
            }
            while (count > 0);
            return BoshBody.Read(input.Written, _limits) is { } body
                ? BoshAnswer.Of(body)
                : BoshAnswer.Wrong(new XmppConnectionException(
                    $"{Name} {WebAnswer.Describe(response, "BOSH", input.Written.Span)}"));
        }
        catch (XmppProtocolException e)
        {
            return BoshAnswer.Wrong(new XmppProtocolException(
                e.Condition, $"{Name} sent a BOSH body in which something is wrong: {e.Message.TrimEnd('.')}."));
        }
        finally
        {
            input.Return();
        }
    }

    private sealed record ServerTls(string Version, bool HasClientCertificate);
}
