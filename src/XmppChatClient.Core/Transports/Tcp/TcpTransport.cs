using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using XmppChatClient.Sasl;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Tcp;

/// <summary>XML streams over a connected byte stream (RFC 6120).</summary>
internal sealed class TcpTransport : IXmppTransport
{
    // Measured over NetworkStream and SslStream alike: about 4 KiB for an idle plain connection, 41 KiB with TLS.
    private static readonly StreamPipeReaderOptions InputOptions =
        new(bufferSize: 16_384, minimumReadSize: 4096, leaveOpen: true, useZeroByteReads: true);

    private readonly string _domain;
    private readonly string _peer;
    private readonly TlsUpgrade _tls;
    private readonly XmlLimits _limits;
    private readonly WireLog _wire;
    private Stream _stream;
    private PipeReader _input;
    private OutputPump _output;
    private XmlStreamReader _reader;
    private ReadOnlySequence<byte> _buffered;
    private bool _inputEnded;
    private bool _streamOpen;
    private bool _disposed;

    public TcpTransport(
        Stream stream, string domain, string peer, TlsUpgrade tls, XmlLimits limits, ILoggerFactory loggerFactory)
    {
        _stream = stream;
        _domain = domain;
        _peer = peer;
        _tls = tls;
        _limits = limits;
        _wire = new WireLog(loggerFactory);
        _input = PipeReader.Create(stream, InputOptions);
        _output = new OutputPump(stream, XmppNamespaces.Client);
        _reader = new XmlStreamReader(limits);
    }

    public bool IsEncrypted => _stream is SslStream;

    public bool CanStartTls => !IsEncrypted;

    public bool HasClientCertificate => _stream is SslStream { LocalCertificate: not null };

    public IReadOnlyList<ChannelBinding> ChannelBindings { get; private set; } = [];

    public string Description => _stream is SslStream ssl ? $"{_peer}, {TlsUpgrade.NameOf(ssl.SslProtocol)}" : $"{_peer}, no TLS";

    public async ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken)
    {
        _reader = new XmlStreamReader(_limits);
        _streamOpen = true;
        await _output.WriteAsync(
            (to, from), static (writer, s) => writer.WriteStreamStart(s.to, s.from, null, XmppNamespaces.Client),
            cancellationToken).ConfigureAwait(false);
        var (item, header) = await ReadItemAsync(cancellationToken).ConfigureAwait(false);
        if (item != XmlStreamItem.StreamStart)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.BadFormat, "The server did not answer with a stream of its own.");
        }

        _wire.Received(header!);
        return header!;
    }

    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var (item, element) = await ReadItemAsync(cancellationToken).ConfigureAwait(false);
        if (item == XmlStreamItem.StreamEnd)
        {
            return null;
        }

        _wire.Received(element!);
        return element!;
    }

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        var sent = _output.WriteAsync(element, static (writer, e) => e.Write(writer), cancellationToken);
        _wire.Sent(element);
        return sent;
    }

    public async ValueTask StartTlsAsync(CancellationToken cancellationToken)
    {
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);

        // What came in the clear behind <proceed/> would otherwise be read as if it came over TLS.
        if (_buffered.Length > 0 || _input.TryRead(out _))
        {
            throw new XmppSecurityException(
                "The server, or somebody on the way, sent data in the clear after agreeing to TLS; the connection is refused.");
        }

        await _input.CompleteAsync().ConfigureAwait(false);
        await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Turns TLS on; for direct TLS before anything is sent.</summary>
    public async ValueTask AuthenticateAsync(CancellationToken cancellationToken)
    {
        var (ssl, bindings) = await _tls.AuthenticateAsync(_stream, _domain, cancellationToken).ConfigureAwait(false);
        _stream = ssl;
        ChannelBindings = bindings;
        _buffered = default;
        _input = PipeReader.Create(ssl, InputOptions);
        _output = new OutputPump(ssl, XmppNamespaces.Client);
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

    private async ValueTask<(XmlStreamItem Item, XmppElement? Element)> ReadItemAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_buffered.Length > 0)
            {
                var item = _reader.TryRead(ref _buffered);
                if (item != XmlStreamItem.NeedMoreData)
                {
                    var element = _reader.Element;
                    if (_buffered.Length == 0)
                    {
                        _input.AdvanceTo(_buffered.End);
                    }

                    return (item, element);
                }

                _input.AdvanceTo(_buffered.Start, _buffered.End);
                _buffered = default;
            }

            if (_inputEnded)
            {
                throw new XmppConnectionException("The server cut the connection without closing its stream.");
            }

            ReadResult result;
            try
            {
                result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                throw new XmppConnectionException($"The connection was lost: {e.Message}", e);
            }

            _inputEnded = result.IsCompleted;
            _buffered = result.Buffer;
        }
    }
}
