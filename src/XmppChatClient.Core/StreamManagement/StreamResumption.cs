using XmppChatClient.Negotiation;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>Goes on with the session of a lost connection (XEP-0198 §5) instead of binding a resource.</summary>
internal sealed class StreamResumption : StreamFeature
{
    public override XmlName Name => StreamManagementElements.Feature;

    public override bool Applies(StreamNegotiation negotiation) =>
        negotiation is { IsAuthenticated: true, BoundJid: null, Resume.WasSent: false, Transport.MayResume: true };

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var request = negotiation.Resume!;
        await negotiation.Transport.SendAsync(StreamManagementElements.Resume(request.Id, request.Handled), cancellationToken)
            .ConfigureAwait(false);
        request.WasSent = true;
        var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Name == StreamManagementElements.Resumed)
        {
            Resumed(negotiation, answer);
            return FeatureOutcome.Ready;
        }

        if (answer.Name != StreamManagementElements.Failed)
        {
            throw StreamNegotiation.Unexpected(answer, "its answer to the resumption");
        }

        // XEP-0198 §5: it may still say what it had got before it forgot the rest.
        negotiation.LostAt = StreamManagementElements.ReadCount(answer);
        return FeatureOutcome.Continue;
    }

    /// <summary>The server goes on with the session.</summary>
    /// <exception cref="XmppProtocolException">With another one, or it does not say from where on.</exception>
    public static void Resumed(StreamNegotiation negotiation, XmppElement answer)
    {
        var request = negotiation.Resume!;
        if (StreamManagementElements.ReadCount(answer) is not { } handled || answer.Attribute("previd") != request.Id)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.BadFormat, "The server resumed another session, or does not say what it has handled.");
        }

        negotiation.BoundJid = request.Jid;
        negotiation.ResumedAt = handled;
    }
}
