using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Brings a stream from its opening tag to the bound resource: opens it, and negotiates what is offered in the
/// order of our list (RFC 6120 §4.3).</summary>
internal sealed class StreamNegotiator(IReadOnlyList<StreamFeature> features)
{
    // A server that restarts for ever would keep us here; no honest one needs more rounds than there are features.
    private const int MostRounds = 10;

    public static readonly XmlName FeaturesName = new(XmppNamespaces.Streams, "features");

    private static readonly XmlName StreamName = new(XmppNamespaces.Streams, "stream");

    public async ValueTask NegotiateAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        try
        {
            await NegotiateRoundsAsync(negotiation, cancellationToken).ConfigureAwait(false);
        }
        catch (XmppStreamException e) when (negotiation.Early is not null && e.Error.Condition != StreamErrorCondition.SeeOtherHost)
        {
            // It may be that alone which it does not take.
            throw new TokenRefusedException(e);
        }
    }

    private async ValueTask NegotiateRoundsAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            await OpenAsync(negotiation, cancellationToken).ConfigureAwait(false);
            if (await NegotiateFeaturesAsync(negotiation, cancellationToken).ConfigureAwait(false) == FeatureOutcome.Ready)
            {
                return;
            }
        }

        throw new XmppProtocolException(
            StreamErrorCondition.PolicyViolation, $"The server restarted the stream {MostRounds} times without an end.");
    }

    private async ValueTask OpenAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        // RFC 6120 §4.7.1: our address only goes out where nobody on the way can read it.
        var from = negotiation.Transport.IsEncrypted ? negotiation.Jid.Bare.ToString() : null;
        var (transport, domain) = (negotiation.Transport, negotiation.Jid.Domain);
        var first = transport.CanPipeline
            ? features.Select(f => f.Begin(negotiation)).FirstOrDefault(e => e is not null) : null;
        var header = first is null
            ? await transport.OpenStreamAsync(domain, from, cancellationToken).ConfigureAwait(false)
            : await transport.OpenStreamAsync(domain, from, first, cancellationToken).ConfigureAwait(false);
        if (header.Name != StreamName)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.InvalidNamespace, $"The server opened {header.Name} instead of an XMPP stream.");
        }

        // RFC 6120 §4.7.5: a server that names no version is older than 1.0, and sends no features to wait for.
        if (header.Attribute("version") is not { } version || !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new XmppProtocolException(
                StreamErrorCondition.UnsupportedVersion,
                $"The server of {negotiation.Jid.Domain} does not speak XMPP 1.0 (RFC 6120 §4.7.5).");
        }

        var offer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        negotiation.Features = offer.Name == FeaturesName ? offer : throw StreamNegotiation.Unexpected(offer, "its features");
    }

    private async ValueTask<FeatureOutcome> NegotiateFeaturesAsync(
        StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        foreach (var feature in features)
        {
            if (!feature.Applies(negotiation))
            {
                continue;
            }

            if (negotiation.Features.Element(feature.Name) is not { } offer)
            {
                feature.OnMissing(negotiation);
                continue;
            }

            var outcome = await feature.NegotiateAsync(negotiation, offer, cancellationToken).ConfigureAwait(false);
            if (outcome != FeatureOutcome.Continue)
            {
                return outcome;
            }
        }

        if (negotiation.BoundJid is not null)
        {
            return FeatureOutcome.Ready;
        }

        throw new XmppProtocolException(
            StreamErrorCondition.UnsupportedFeature,
            "The server offers nothing that leads on: it lists "
            + (negotiation.Features.Elements.ToArray() is { Length: > 0 } offers
                ? string.Join(", ", offers.Select(o => o.Name.LocalName)) : "no features") + ".");
    }
}
