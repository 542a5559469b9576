using XmppChatClient.Negotiation;
using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>Has stanzas acknowledged from here on (XEP-0198 §3).</summary>
internal sealed class StreamManagementFeature : StreamFeature
{
    public override XmlName Name => StreamManagementElements.Feature;

    public override bool Applies(StreamNegotiation negotiation) =>
        negotiation is { BoundJid: not null, Managed: null, Options.StreamManagement.Enabled: true };

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var resume = negotiation is { Options.StreamManagement.Resume: true, Transport.MayResume: true };
        await negotiation.Transport.SendAsync(StreamManagementElements.Enable(resume), cancellationToken).ConfigureAwait(false);
        var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Name == StreamManagementElements.Enabled)
        {
            var resumable = resume && answer.Attribute("resume") is "true" or "1";
            negotiation.Managed = new ManagedStream(resumable ? answer.Attribute("id") : null, answer.Attribute("location"));
        }
        else if (answer.Name != StreamManagementElements.Failed)
        {
            throw StreamNegotiation.Unexpected(answer, "its answer to stream management");
        }

        // A server that refuses can do without, and so can we: receipts then say that nobody knows.
        return FeatureOutcome.Ready;
    }
}
