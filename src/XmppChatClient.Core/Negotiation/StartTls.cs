using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Turns TLS on (RFC 6120 §5). Where the user requires TLS and the server offers none, the connection ends before
/// anything secret is sent.</summary>
internal sealed class StartTls : StreamFeature
{
    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-tls";

    private static readonly XmlName Offer = new(Namespace, "starttls");
    private static readonly XmlName Proceed = new(Namespace, "proceed");

    public override XmlName Name => Offer;

    public override bool Applies(StreamNegotiation negotiation) =>
        !negotiation.Transport.IsEncrypted && negotiation.Options.Tls != TlsMode.Disabled;

    public override void OnMissing(StreamNegotiation negotiation) => throw new XmppSecurityException(
        $"The server of {negotiation.Jid.Domain} does not offer STARTTLS; nothing was sent to it. "
        + "Have it offer TLS, or say Tls = Disabled if it is on this machine.");

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        if (!negotiation.Transport.CanStartTls)
        {
            throw new XmppSecurityException("This kind of connection cannot turn TLS on and is not encrypted.");
        }

        await negotiation.Transport.SendAsync(new XmppElement(Name), cancellationToken).ConfigureAwait(false);
        var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Name != Proceed)
        {
            throw new XmppSecurityException(
                $"The server offered STARTTLS and answered <{answer.Name.LocalName}/>; nothing more was sent to it.");
        }

        await negotiation.Transport.StartTlsAsync(cancellationToken).ConfigureAwait(false);
        negotiation.ForgetOffers();
        return FeatureOutcome.Restart;
    }
}
