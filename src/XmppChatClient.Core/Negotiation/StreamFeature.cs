using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>One thing that can be negotiated on a stream (RFC 6120 §4.3). Stateless: what is learned goes into the
/// <see cref="StreamNegotiation"/>.</summary>
public abstract class StreamFeature
{
    /// <summary>The element that offers it, a child of the stream's features.</summary>
    public abstract XmlName Name { get; }

    /// <summary>Whether it is still to be done, and may be.</summary>
    public abstract bool Applies(StreamNegotiation negotiation);

    /// <summary>Called when the feature applies and the server does not offer it. By default nothing happens; a feature
    /// that cannot be done without throws.</summary>
    /// <exception cref="XmppException">It must be offered.</exception>
    public virtual void OnMissing(StreamNegotiation negotiation)
    {
    }

    /// <summary>What to send with our opening tag, before the server has offered anything; <see langword="null"/> for nothing.</summary>
    internal virtual XmppElement? Begin(StreamNegotiation negotiation) => null;

    /// <summary>Negotiates it.</summary>
    /// <param name="negotiation">The stream and what is known of it.</param>
    /// <param name="offer">The server's offer, an element named <see cref="Name"/>.</param>
    /// <exception cref="XmppException">It failed, and with it the stream.</exception>
    public abstract ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken);
}
