using System.Buffers;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using XmppChatClient.Components;
using XmppChatClient.Sasl;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Tcp;

/// <summary>XML streams over a connected byte stream (RFC 6120).</summary>
internal sealed class TcpTransport : IXmppTransport
{
    private const int InputSize = 16_384;
    private const int SmallestRead = 4_096;

    private readonly string _domain;
    private readonly string _peer;
    private readonly TlsUpgrade _tls;
    private readonly XmlLimits _limits;
    private readonly WireLog _wire;
    private readonly string _contentNamespace;
    private Stream _stream;

    // Ours, with the server. What was dialled may be another, with a proxy.
    private SslStream? _ssl;
    private readonly PooledBuffer _input = new(InputSize);
    private OutputPump _output;
    private XmlStreamReader _reader;
    private int _parsed;
    private bool _streamOpen;
    private bool _disposed;

    /// <param name="peer">How it is connected, for the log.</param>
    public TcpTransport(
        Stream stream, string domain, string peer, TlsUpgrade tls, XmlLimits limits, ILoggerFactory loggerFactory,
        string contentNamespace = XmppNamespaces.Client)
    {
        _contentNamespace = contentNamespace;
        _stream = stream;
        _domain = domain;
        _peer = peer;
        _tls = tls;
        _limits = limits;
        _wire = new WireLog(loggerFactory);

        // Whatever a stream calls the namespace of its stanzas, what is in ours is in that one.
        _output = new OutputPump(stream, XmppNamespaces.Client);
        _reader = new XmlStreamReader(limits, passOverExcess: true);
    }

    /// <summary>Called when the server has opened a stream.</summary>
    public Action? Answered { get; init; }

    public bool IsEncrypted => _ssl is not null;

    public bool CanStartTls => !IsEncrypted;

    public bool HasClientCertificate => _ssl is { LocalCertificate: not null };

    public IReadOnlyList<ChannelBinding> ChannelBindings { get; private set; } = [];

    public bool MayBindChannel => IsEncrypted;

    public bool CanPipeline => true;

    public string Description => _ssl is not null ? $"{_peer}, {TlsUpgrade.NameOf(_ssl.SslProtocol)}" : $"{_peer}, no TLS";

    public ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken) =>
        OpenAsync(to, from, null, cancellationToken);

    public ValueTask<XmppElement> OpenStreamAsync(
        string to, string? from, IXmlWritable first, CancellationToken cancellationToken) =>
        OpenAsync(to, from, first, cancellationToken);

    private async ValueTask<XmppElement> OpenAsync(
        string to, string? from, IXmlWritable? first, CancellationToken cancellationToken)
    {
        _reader = new XmlStreamReader(_limits, passOverExcess: true);
        _streamOpen = true;
        await _output.WriteAsync(
            (to, from, _contentNamespace), static (writer, s) => writer.WriteStreamStart(s.to, s.from, null, s._contentNamespace),
            cancellationToken).ConfigureAwait(false);
        if (first is not null)
        {
            await SendAsync(first, cancellationToken).ConfigureAwait(false);
        }

        // What a new reader finds first is the opening tag, or wrong.
        var header = await ReceiveAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new XmppProtocolException(
                StreamErrorCondition.BadFormat, "The server did not answer with a stream of its own.");
        Answered?.Invoke();
        return header;
    }

    // Most connections spend most of their time in here, so it is one method and holds no buffer while it waits.
    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var item = ParseNext();
            if (item != XmlStreamItem.NeedMoreData)
            {
                if (_reader.Element is not { } element)
                {
                    return null;
                }

                _wire.Received(element);
                return _contentNamespace == XmppNamespaces.Component ? ComponentStanza.Read(element) : element;
            }

            int count;
            try
            {
                if (_input.Length == 0)
                {
                    // Ends when there is something to read, and needs no buffer until then.
                    _input.Return();
                    await _stream.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
                }

                count = await _stream.ReadAsync(_input.GetMemory(SmallestRead), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Who cuts the connection disposes of the stream too, and TLS then says only that.
                cancellationToken.ThrowIfCancellationRequested();
                throw new XmppConnectionException($"The connection was lost: {e.Message}", e);
            }

            if (count == 0)
            {
                throw new XmppConnectionException("The server cut the connection without closing its stream.");
            }

            _input.Advance(count);
        }
    }

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        var sent = _output.WriteAsync(element, static (writer, e) => e.Write(writer), cancellationToken);
        _wire.Sent(element);
        return sent;
    }

    public void LimitElements(long? bytes) => _output.Limit = bytes;

    public async ValueTask StartTlsAsync(CancellationToken cancellationToken)
    {
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);

        // What came in the clear behind <proceed/> would otherwise be read as if it came over TLS.
        if (_input.Length > _parsed)
        {
            throw new XmppSecurityException(
                "The server, or somebody on the way, sent data in the clear after agreeing to TLS; the connection is refused.");
        }

        await AuthenticateAsync(protocol: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Turns direct TLS on, before anything is sent (XEP-0368 §3).</summary>
    public ValueTask StartDirectTlsAsync(CancellationToken cancellationToken) => AuthenticateAsync(
        _contentNamespace == XmppNamespaces.Client ? TlsUpgrade.Xmpp : null, cancellationToken);

    private async ValueTask AuthenticateAsync(SslApplicationProtocol? protocol, CancellationToken cancellationToken)
    {
        (_ssl, ChannelBindings) = await _tls.AuthenticateAsync(_stream, _domain, protocol, cancellationToken).ConfigureAwait(false);
        _stream = _ssl;
        _output = new OutputPump(_ssl, XmppNamespaces.Client);
    }

    public async ValueTask CloseStreamAsync(CancellationToken cancellationToken)
    {
        if (_streamOpen)
        {
            _streamOpen = false;
            await _output.WriteAsync(0, static (writer, _) => writer.WriteStreamEnd(), cancellationToken).ConfigureAwait(false);
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _output.Fail(new XmppConnectionException("The connection is closed."));
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private XmlStreamItem ParseNext()
    {
        var unparsed = new ReadOnlySequence<byte>(_input.Written[_parsed..]);
        var item = _reader.TryRead(ref unparsed);
        _parsed = _input.Length - (int)unparsed.Length;
        if (item == XmlStreamItem.NeedMoreData)
        {
            _input.RemoveFirst(_parsed);
            _parsed = 0;
        }

        return item;
    }
}
