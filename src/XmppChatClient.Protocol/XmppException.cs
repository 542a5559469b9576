using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>Trouble made by the network or the peer. The caller's own mistakes are <see cref="ArgumentException"/> or
/// <see cref="InvalidOperationException"/>; the caller's cancellation is <see cref="OperationCanceledException"/>.</summary>
public class XmppException : Exception
{
    /// <param name="message">What happened and what to do about it; never a secret.</param>
    /// <param name="innerException">What the platform said, if it said anything.</param>
    public XmppException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same attempt may succeed later with nothing changed. A client reconnects by itself only
    /// after transient trouble. Default <see langword="false"/>.</summary>
    public virtual bool IsTransient => false;
}

/// <summary>No connection could be made, or an open one was lost.</summary>
public sealed class XmppConnectionException(string message, Exception? innerException = null)
    : XmppException(message, innerException)
{
    public override bool IsTransient => true;
}

/// <summary>The peer did not answer in time.</summary>
public sealed class XmppTimeoutException(string message) : XmppException(message)
{
    public override bool IsTransient => true;
}

/// <summary>Going on would break a rule of security: TLS is not offered, a certificate does not hold, a proof is wrong.
/// Nothing secret has been sent.</summary>
public class XmppSecurityException(string message, Exception? innerException = null)
    : XmppException(message, innerException);

/// <summary>The server offers less than it did at the last login: somebody on the way may be taking it out of its offer. Nothing
/// secret has been sent.</summary>
/// <param name="missing">What was there before.</param>
public sealed class XmppDowngradeException(string missing, string message) : XmppSecurityException(message)
{
    /// <summary>What was there before, such as <c>SASL2</c>.</summary>
    public string Missing { get; } = missing;
}

/// <summary>The server refused the credentials (RFC 6120 §6.5), or no offered mechanism may be used.</summary>
public sealed class XmppAuthenticationException(string condition, string message) : XmppException(message)
{
    /// <summary>The SASL condition as it came, such as <c>not-authorized</c>; empty when it was our own decision.</summary>
    public string Condition { get; } = condition;

    public override bool IsTransient => Condition == "temporary-auth-failure";
}

/// <summary>The peer sent what RFC 6120 or an extension in use does not allow.</summary>
public sealed class XmppProtocolException(StreamErrorCondition condition, string message) : XmppException(message)
{
    /// <summary>The stream error that says so to the peer (RFC 6120 §4.9.3).</summary>
    public StreamErrorCondition Condition { get; } = condition;

    /// <summary>What the stream error says beside its condition; <see langword="null"/> for nothing.</summary>
    public XmppElement? Detail { get; init; }

    public override bool IsTransient => true;
}

/// <summary>The server ended the stream with an error (RFC 6120 §4.9).</summary>
public sealed class XmppStreamException : XmppException
{
    public XmppStreamException(StreamError error)
        : this(error, $"The server ended the stream: {error}.")
    {
    }

    /// <param name="error">What the server said.</param>
    /// <param name="message">What that means where it was said, and what to do about it.</param>
    /// <param name="isTransient">Whether the same attempt may succeed later. Default as the error says.</param>
    public XmppStreamException(StreamError error, string message, bool? isTransient = null)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
        IsTransient = isTransient ?? error.IsTransient;
    }

    public StreamError Error { get; }

    public override bool IsTransient { get; }
}

/// <summary>The server says that it takes no stanza of that size (XEP-0478). This one was not sent, and all goes on without it.
/// </summary>
public sealed class XmppStanzaTooLargeException(long bytes, long limit) : XmppException(
    $"The stanza has {bytes} bytes, and the server takes no more than {limit}; it was not sent.")
{
    /// <summary>In bytes of UTF-8, as an element that stands alone.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>What the server takes, in bytes.</summary>
    public long Limit { get; } = limit;
}

/// <summary>A request was answered with an error (RFC 6120 §8.3).</summary>
public sealed class XmppStanzaException(StanzaError error, Jid? from)
    : XmppException($"{from?.ToString() ?? "The server"} answered with an error: {error}.")
{
    public StanzaError Error { get; } = error;

    /// <summary>Who answered; <see langword="null"/> for our own account.</summary>
    public Jid? From { get; } = from;
}

/// <summary>The session ended before the answer came, so its outcome is not known.</summary>
public sealed class XmppSessionLostException(string message, Exception? innerException = null)
    : XmppException(message, innerException)
{
    public override bool IsTransient => true;
}
