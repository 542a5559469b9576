using System.Globalization;
using System.Net.WebSockets;
using XmppChatClient.Sasl;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Transports.Web;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>A framed stream over a connected WebSocket (RFC 7395): each element is a text message of its own.</summary>
internal sealed class WebSocketTransport : IXmppTransport
{
    private const int InputSize = 16_384;
    private const int SmallestRead = 4_096;

    private readonly ClientWebSocket _socket;
    private readonly string _endpoint;
    private readonly UpgradeResult _upgrade;
    private readonly XmppClientOptions _options;
    private readonly int _longest;
    private readonly XmlDocumentReader _reader;
    private readonly WireLog _wire;
    private readonly PooledBuffer _input = new(InputSize);
    private readonly OutputPump _output;
    private bool _isInMessage;
    private bool _isOpen;
    private bool _hasClosed;
    private bool _isClosedByServer;
    private WebSocketCloseStatus? _violation;
    private int _disposed;

    public WebSocketTransport(ClientWebSocket socket, Uri endpoint, UpgradeResult upgrade, XmppClientOptions options)
    {
        _socket = socket;
        _endpoint = WebEndpoint.NameOf(endpoint);
        _upgrade = upgrade;
        _options = options;
        var limits = options.Limits.ToXmlLimits();
        _longest = limits.StanzaBytes;
        _reader = new XmlDocumentReader(limits, passOverExcess: true);
        _wire = new WireLog(options.LoggerFactory);

        // One frame for each message: Prosody takes no other.
        _output = new OutputPump(message => socket.SendAsync(
            message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None));
    }

    public bool IsEncrypted => _upgrade.Tls is not null;

    /// <summary>RFC 7395 §3.9: TLS is below the WebSocket or nowhere.</summary>
    public bool CanStartTls => false;

    public bool HasClientCertificate => _upgrade.HasClientCertificate;

    /// <summary>None: whoever ends TLS for a web server often knows no XMPP, and the server behind it no TLS.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings => [];

    public string Description => _upgrade.Tls is { } tls ? $"{_endpoint}, {tls}" : $"{_endpoint}, no TLS";

    public bool CanPipeline => true;

    public ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken) =>
        OpenAsync(to, from, null, cancellationToken);

    public ValueTask<XmppElement> OpenStreamAsync(
        string to, string? from, IXmlWritable first, CancellationToken cancellationToken) =>
        OpenAsync(to, from, first, cancellationToken);

    private async ValueTask<XmppElement> OpenAsync(
        string to, string? from, IXmlWritable? first, CancellationToken cancellationToken)
    {
        _isOpen = true;
        await _output.WriteAsync((to, from), Framing.WriteOpen, cancellationToken).ConfigureAwait(false);
        if (first is not null)
        {
            await SendAsync(first, cancellationToken).ConfigureAwait(false);
        }

        var opened = await ReceiveMessageAsync(cancellationToken).ConfigureAwait(false);
        if (opened is null || IsEnd(opened))
        {
            throw new XmppConnectionException($"{_endpoint} closed the stream instead of opening it.");
        }

        if (opened.Name == StreamError.Name && StreamError.Read(opened) is { } error)
        {
            throw new XmppStreamException(error);
        }

        if (opened.Name != Framing.Open)
        {
            throw Violation(
                StreamErrorCondition.InvalidNamespace, $"sent {opened.Name} instead of {Framing.Open} (RFC 7395 §3.4)");
        }

        // RFC 6120 §4.7.5
        return opened.Attribute("version") is { } version && version.StartsWith("1.", StringComparison.Ordinal)
            ? Framing.ToStreamHeader(opened)
            : throw Violation(
                StreamErrorCondition.UnsupportedVersion,
                $"opened a stream of version '{opened.Attribute("version")}', which is not XMPP 1.0");
    }

    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var element = await ReceiveMessageAsync(cancellationToken).ConfigureAwait(false);
        if (element is null || IsEnd(element))
        {
            return null;
        }

        return element.Name.Namespace == Framing.Namespace
            ? throw Violation(StreamErrorCondition.BadFormat, $"sent {element.Name} in the middle of a stream")
            : element;
    }

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        var sent = _output.WriteAsync(element, static (writer, e) => e.Write(writer), cancellationToken);
        _wire.Sent(element);
        return sent;
    }

    public void LimitElements(long? bytes) => _output.Limit = bytes;

    public ValueTask StartTlsAsync(CancellationToken cancellationToken) =>
        throw new XmppSecurityException("TLS cannot be turned on in a WebSocket (RFC 7395 §3.9).");

    public async ValueTask CloseStreamAsync(CancellationToken cancellationToken)
    {
        if (_isOpen)
        {
            _isOpen = false;
            _hasClosed = true;
            await _output.WriteAsync(0, Framing.WriteClose, cancellationToken).ConfigureAwait(false);
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_isClosedByServer || _violation is not null)
        {
            await SayGoodbyeAsync().ConfigureAwait(false);
        }

        _output.Fail(new XmppConnectionException("The connection is closed."));
        _socket.Dispose();
    }

    // RFC 7395 §3.6: the stream is closed first, and then the WebSocket, which is otherwise cut.
    private async ValueTask SayGoodbyeAsync()
    {
        using var limit = new CancellationTokenSource(_options.Timeouts.Close, _options.TimeProvider);
        try
        {
            if (_violation is { } violation)
            {
                // Whoever breaks rules is not waited for.
                await _socket.CloseOutputAsync(violation, null, limit.Token).ConfigureAwait(false);
                return;
            }

            await CloseStreamAsync(limit.Token).ConfigureAwait(false);
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException or WebSocketException
            or InvalidOperationException or IOException)
        {
            // It is over, whichever way.
        }
    }

    /// <returns><see langword="null"/> when we had closed the stream, and the server the WebSocket then.</returns>
    private async ValueTask<XmppElement?> ReceiveMessageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                // Without room it ends when a message begins, so that an idle connection holds no buffer.
                part = await _socket.ReceiveAsync(_isInMessage ? Room() : Memory<byte>.Empty, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw Lost(e);
            }

            switch (part.MessageType)
            {
                case WebSocketMessageType.Close:
                    return _hasClosed ? null : throw Closed();
                case WebSocketMessageType.Binary:
                    _violation = WebSocketCloseStatus.InvalidMessageType;
                    throw Violation(StreamErrorCondition.BadFormat, "sent a binary message, and XMPP is text (RFC 7395 §3.2)");
            }

            _isInMessage = true;
            _input.Advance(part.Count);
            if (_input.Length > _longest)
            {
                _violation = WebSocketCloseStatus.MessageTooBig;
                throw Violation(
                    StreamErrorCondition.PolicyViolation, $"sent a message that is longer than the limit of {_longest} bytes");
            }

            if (part.EndOfMessage)
            {
                _isInMessage = false;
                return Parse();
            }
        }
    }

    // One byte more than is allowed is enough to know.
    private Memory<byte> Room()
    {
        var room = _input.GetMemory(Math.Min(SmallestRead, _longest + 1 - _input.Length));
        return room[..Math.Min(room.Length, _longest + 1 - _input.Length)];
    }

    private XmppElement Parse()
    {
        XmppElement element;
        try
        {
            element = _reader.Read(_input.Written.Span);
        }
        catch (XmppProtocolException e)
        {
            throw Violation(e.Condition, $"sent a message that is no element: {e.Message.TrimEnd('.')}");
        }
        finally
        {
            _input.Return();
        }

        _wire.Received(element);
        return element;
    }

    /// <summary>Whether that closes the server's stream.</summary>
    /// <exception cref="XmppStreamException">It sends us elsewhere.</exception>
    private bool IsEnd(XmppElement element)
    {
        if (element.Name != Framing.Close)
        {
            return false;
        }

        _isClosedByServer = true;
        return element.Attribute("see-other-uri") is { } other ? throw WebEndpoint.SentOn(other) : true;
    }

    private XmppProtocolException Violation(StreamErrorCondition condition, string what)
    {
        _violation ??= WebSocketCloseStatus.ProtocolError;
        return new XmppProtocolException(condition, $"{_endpoint} {what}.");
    }

    private XmppConnectionException Closed()
    {
        var code = ((int?)_socket.CloseStatus)?.ToString(CultureInfo.InvariantCulture) ?? "no code";
        var reason = _socket.CloseStatusDescription is { Length: > 0 } text ? $" ({text})" : "";
        return new XmppConnectionException($"{_endpoint} closed the WebSocket with {code}{reason} and not its stream.");
    }

    private XmppException Lost(Exception e) => e switch
    {
        // The platform says no more, and has no other cause to say this.
        WebSocketException { WebSocketErrorCode: WebSocketError.Faulted, InnerException: null } =>
            new XmppProtocolException(StreamErrorCondition.NotWellFormed, $"{_endpoint} sent a message that is not UTF-8."),
        WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely } =>
            new XmppConnectionException($"{_endpoint} cut the connection without closing its stream.", e),
        _ => new XmppConnectionException($"The connection to {_endpoint} was lost: {e.Message}", e),
    };
}
