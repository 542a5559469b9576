using XmppChatClient.Sasl;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports;

/// <summary>One connection that carries elements. One caller may receive while others send.</summary>
public interface IXmppTransport : IAsyncDisposable
{
    /// <summary>Whether what is sent now cannot be read on the way.</summary>
    bool IsEncrypted { get; }

    /// <summary>Whether <see cref="StartTlsAsync"/> can work here.</summary>
    bool CanStartTls { get; }

    /// <summary>Whether our certificate was shown to the server.</summary>
    bool HasClientCertificate { get; }

    /// <summary>What SASL can bind to on this connection; empty without TLS.</summary>
    IReadOnlyList<ChannelBinding> ChannelBindings { get; }

    /// <summary>Whether TLS ends at the server itself, so that logins can be bound to it; where they were once, they must be.
    /// Default whether there is anything to bind to.</summary>
    bool MayBindChannel => ChannelBindings.Count > 0;

    /// <summary>Whether something can be sent with our opening tag, without waiting for the server's. Default
    /// <see langword="false"/>.</summary>
    bool CanPipeline => false;

    /// <summary>Whether a session of stream management can go on over this connection (XEP-0198 §5). Default <see langword="true"/>.
    /// </summary>
    bool MayResume => true;

    /// <summary>Whether the server may have no more to say once our side of the stream is closed, so that what it still owes must be
    /// waited for before. Default <see langword="false"/>.</summary>
    bool EndsAtOnce => false;

    /// <summary>Where to and how, for the log: <c>127.0.0.1:5222, TLS 1.3</c>.</summary>
    string Description { get; }

    /// <summary>Opens a stream, or a new one on the same connection (RFC 6120 §4.3.3), and waits for the server's opening
    /// tag.</summary>
    /// <returns>The server's opening tag, without content.</returns>
    /// <exception cref="XmppException">The connection failed or the server sent something else.</exception>
    ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken);

    /// <summary>The same, and sends something with our opening tag, where that <see cref="CanPipeline"/>.</summary>
    /// <exception cref="NotSupportedException">It cannot; nothing was sent.</exception>
    ValueTask<XmppElement> OpenStreamAsync(string to, string? from, IXmlWritable first, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This transport waits for the server's opening tag.");

    /// <summary>The next element. In place of one that breaks a limit, other than that of its size, comes what
    /// <see cref="XmlStreamItem.Refused"/> says.</summary>
    /// <returns><see langword="null"/> when the server closed its stream.</returns>
    /// <exception cref="XmppException">The connection was lost or the server broke the protocol.</exception>
    ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Sends an element. It is queued before the call returns, so that elements go out in the order of the calls;
    /// the task ends when there is room for more. Cancelling gives up that wait only.</summary>
    /// <exception cref="ArgumentException">It holds a character that XML cannot carry; nothing of it is sent.</exception>
    /// <exception cref="XmppStanzaTooLargeException">It is longer than <see cref="LimitElements"/> allows; nothing of it is sent.
    /// </exception>
    /// <exception cref="XmppException">The connection was lost.</exception>
    ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken);

    /// <summary>From now on <see cref="SendAsync"/> sends no element that is longer (XEP-0478), but throws an
    /// <see cref="XmppStanzaTooLargeException"/>. Default: nothing, for what counts no bytes.</summary>
    /// <param name="bytes">As an element that stands alone has them; <see langword="null"/> for any number.</param>
    void LimitElements(long? bytes)
    {
    }

    /// <summary>Turns TLS on, after the server's <c>&lt;proceed/&gt;</c> (RFC 6120 §5.4.3).</summary>
    /// <exception cref="XmppSecurityException">The server's certificate does not hold, or bytes came too early.</exception>
    ValueTask StartTlsAsync(CancellationToken cancellationToken);

    /// <summary>Closes our side of the stream, once everything queued is sent. The server's answer is the end of
    /// <see cref="ReceiveAsync"/>.</summary>
    ValueTask CloseStreamAsync(CancellationToken cancellationToken);
}
