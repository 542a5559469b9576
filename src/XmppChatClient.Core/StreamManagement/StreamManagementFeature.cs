using XmppChatClient.Negotiation;
using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>Has stanzas acknowledged from here on (XEP-0198 §3).</summary>
internal sealed class StreamManagementFeature : StreamFeature
{
    public override XmlName Name => StreamManagementElements.Feature;

    public override bool Applies(StreamNegotiation negotiation) =>
        negotiation is { BoundJid: not null, Managed: null, Options.StreamManagement.Enabled: true };

    /// <summary>Whether it is asked for behind a resource that is being asked for.</summary>
    public static bool MayAskAhead(StreamNegotiation negotiation) => negotiation.Options.StreamManagement.Enabled
        && negotiation.Features.Element(StreamManagementElements.Feature) is not null;

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        if (!negotiation.IsManagementAsked)
        {
            await negotiation.Transport.SendAsync(
                StreamManagementElements.Enable(negotiation.WantsResumption), cancellationToken).ConfigureAwait(false);
        }

        var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Name == StreamManagementElements.Enabled)
        {
            negotiation.Managed = ManagedStream.Read(answer, negotiation);
        }
        else if (answer.Name != StreamManagementElements.Failed)
        {
            throw StreamNegotiation.Unexpected(answer, "its answer to stream management");
        }

        // A server that refuses can do without, and so can we: receipts then say that nobody knows.
        return FeatureOutcome.Ready;
    }
}
