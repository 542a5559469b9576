using XmppChatClient.Sasl;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Logs in with SASL (RFC 6120 §6).</summary>
internal sealed class Authentication(SaslChoice choice) : StreamFeature
{
    private const string Namespace = SaslData.ConditionNamespace;

    private static readonly XmlName Offer = new(Namespace, "mechanisms");
    private static readonly XmlName Auth = new(Namespace, "auth");
    private static readonly XmlName Response = new(Namespace, "response");

    public override XmlName Name => Offer;

    public override bool Applies(StreamNegotiation negotiation) => !negotiation.IsAuthenticated;

    public override void OnMissing(StreamNegotiation negotiation) => throw new XmppAuthenticationException(
        "", $"The server of {negotiation.Jid.Domain} offers no way to log in over this connection"
        + (negotiation.Transport.IsEncrypted ? "." : "; it may want TLS first."));

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var mechanisms = await choice.SelectAsync(negotiation, offer, isSasl2: false, cancellationToken).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            try
            {
                choice.Check(negotiation, mechanisms[i]);
                await AuthenticateAsync(negotiation, mechanisms[i], cancellationToken).ConfigureAwait(false);
                choice.Succeeded(negotiation, mechanisms[i], isSasl2: false);
                negotiation.IsAuthenticated = true;
                return FeatureOutcome.Restart;
            }
            catch (XmppAuthenticationException e) when (e.Condition == "invalid-mechanism" && i + 1 < mechanisms.Count)
            {
                // The server offered it and cannot do it after all; the next one is no weaker than what it offers.
            }
        }
    }

    private static async ValueTask AuthenticateAsync(
        StreamNegotiation negotiation, ISaslMechanism mechanism, CancellationToken cancellationToken)
    {
        var start = new XmppElement(
            Auth, [new XmlAttribute("mechanism", mechanism.Name)], mechanism.Start() is { } initial ? [Encode(initial.Span)] : []);
        await negotiation.Transport.SendAsync(start, cancellationToken).ConfigureAwait(false);
        for (var challenges = 0; ; challenges++)
        {
            var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            switch (answer.Name.Namespace == Namespace ? answer.Name.LocalName : "")
            {
                case "challenge" when challenges < SaslData.MostChallenges:
                    var response = await SaslData.RespondAsync(mechanism, answer, cancellationToken).ConfigureAwait(false);
                    await negotiation.Transport.SendAsync(
                        new XmppElement(Response, response.IsEmpty ? [] : [Encode(response.Span)]), cancellationToken)
                        .ConfigureAwait(false);
                    break;
                case "challenge":
                    throw SaslData.AsksForEver();
                case "success":
                    mechanism.Complete(SaslData.Decode(answer));
                    return;
                case "failure":
                    throw SaslData.Refused(negotiation, mechanism.Name, answer);
                default:
                    throw StreamNegotiation.Unexpected(answer, "its answer to the login");
            }
        }
    }

    // RFC 6120 §6.4.2: "=" is data of no length, an empty element is no data.
    private static string Encode(ReadOnlySpan<byte> data) => data.IsEmpty ? "=" : Convert.ToBase64String(data);
}
