using Microsoft.Extensions.Logging;
using XmppChatClient.Sasl;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>A stream in a session of BOSH (XEP-0206): elements go out in the wrappers of HTTP requests, and come in those of their
/// answers.</summary>
internal sealed class BoshTransport : IXmppTransport
{
    // More stanzas than fit go in the next request. Servers hold a whole request to the limit of a stanza (ejabberd).
    private const int MostTogether = 32 * 1024;

    private static readonly XmlName StreamName = new(XmppNamespaces.Streams, "stream");

    private readonly BoshHttp _http;
    private readonly BoshTerms _terms;
    private readonly string _domain;
    private readonly BoshSession _session;
    private readonly OutputPump _output;
    private readonly WireLog _wire;
    private bool _isFirst = true;
    private int _disposed;

    public BoshTransport(
        BoshHttp http, BoshWriter writer, BoshTerms terms, BoshBody first, string domain, XmppClientOptions options, ILogger logger)
    {
        _http = http;
        _terms = terms;
        _domain = domain;
        _wire = new WireLog(options.LoggerFactory);
        _output = new OutputPump(elements => new ValueTask(_session!.SendAsync(elements)), MostTogether);
        _session = new BoshSession(http, writer, terms, first, options, logger, () => !_output.IsIdle, fault => _output.Fail(fault));
    }

    public bool IsEncrypted => _http.IsEncrypted;

    /// <summary>XEP-0206 §5: TLS is below HTTP or nowhere.</summary>
    public bool CanStartTls => false;

    public bool HasClientCertificate => _http.HasClientCertificate;

    public bool MayResume => !_terms.IsProsody;

    /// <summary>ejabberd drops what it still has to say.</summary>
    public bool EndsAtOnce => true;

    /// <summary>None: there is more than one connection, and who ends TLS for a web server often knows no XMPP.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings => [];

    public string Description => $"{_http.Name}, {_http.Tls ?? "no TLS"}";

    public async ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken)
    {
        // The session began with the first one.
        if (!_isFirst)
        {
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
            await _session.RestartAsync(to, from).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        _isFirst = false;
        var version = await _session.OpenedAsync(cancellationToken).ConfigureAwait(false);
        return new XmppElement(
            StreamName,
            [new XmlAttribute(new XmlName("", "from"), _domain), .. Version(version)]);
    }

    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var element = await _session.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (element is not null)
        {
            _wire.Received(element);
        }

        return element;
    }

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        if (element is StreamError error && _session.IsOver)
        {
            _wire.Sent(element);
            return new ValueTask(_session.ReportAsync(error, cancellationToken));
        }

        var sent = _output.WriteAsync(element, static (writer, e) => e.Write(writer), cancellationToken);
        _wire.Sent(element);
        return sent;
    }

    public void LimitElements(long? bytes) => _output.Limit = bytes;

    public ValueTask StartTlsAsync(CancellationToken cancellationToken) =>
        throw new XmppSecurityException("TLS cannot be turned on over BOSH (XEP-0206 §5).");

    public async ValueTask CloseStreamAsync(CancellationToken cancellationToken)
    {
        if (_session.IsOver)
        {
            // The server's end is that of both.
            return;
        }

        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _session.TerminateAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _session.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static IEnumerable<XmlAttribute> Version(string? version) =>
        version is null ? [] : [new XmlAttribute(new XmlName("", "version"), version)];
}
