using XmppChatClient.Stanzas;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Binds a resource (RFC 6120 §7).</summary>
internal sealed class ResourceBinding : StreamFeature
{
    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-bind";

    private static readonly XmlName Offer = new(Namespace, "bind");
    private static readonly XmlName JidName = new(Namespace, "jid");

    public override XmlName Name => Offer;

    public override bool Applies(StreamNegotiation negotiation) => negotiation.IsAuthenticated && negotiation.BoundJid is null;

    public override void OnMissing(StreamNegotiation negotiation) => throw new XmppProtocolException(
        StreamErrorCondition.UnsupportedFeature, "The server let us in and offers no resource (RFC 6120 §7.1).");

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var id = negotiation.Options.NewId();
        var bind = negotiation.Jid.Resource is { } wanted
            ? new XmppElement(Name, new XmppElement(new XmlName(Namespace, "resource"), wanted))
            : new XmppElement(Name);
        await negotiation.Transport.SendAsync(new Iq(IqType.Set, bind) { Id = id }, cancellationToken).ConfigureAwait(false);
        if (StreamManagementFeature.MayAskAhead(negotiation))
        {
            // XEP-0198 §3: it takes effect behind the resource, and no answer is needed in between.
            negotiation.IsManagementAsked = true;
            await negotiation.Transport.SendAsync(
                StreamManagementElements.Enable(negotiation.WantsResumption), cancellationToken).ConfigureAwait(false);
        }

        var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (new StanzaReader().Read(answer, out _) is not Iq { IsRequest: false } iq || iq.Id != id)
        {
            throw StreamNegotiation.Unexpected(answer, "its answer to the resource");
        }

        if (iq.Error is { } error)
        {
            throw new XmppStanzaException(error, iq.From);
        }

        if (!Jid.TryParse((iq.Payload as XmppElement)?.Element(JidName)?.Text, out var bound) || bound.IsBare)
        {
            throw new XmppProtocolException(StreamErrorCondition.BadFormat, "The server bound us to no full address.");
        }

        negotiation.BoundJid = bound == negotiation.Jid ? negotiation.Jid : bound;
        return FeatureOutcome.Continue;
    }
}
