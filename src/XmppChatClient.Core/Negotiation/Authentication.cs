using System.Buffers.Text;
using XmppChatClient.Sasl;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Logs in with SASL (RFC 6120 §6).</summary>
internal sealed class Authentication(ScramKeyCache keys) : StreamFeature
{
    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-sasl";

    // SCRAM needs two; a server that goes on asking is stopped by the mechanism, and here if that should fail.
    private const int MostChallenges = 8;

    private static readonly XmlName Offer = new(Namespace, "mechanisms");
    private static readonly XmlName Auth = new(Namespace, "auth");
    private static readonly XmlName Response = new(Namespace, "response");
    private static readonly XmlName ChannelBindings = new("urn:xmpp:sasl-cb:0", "sasl-channel-binding");

    private bool _hasShownProof;

    public override XmlName Name => Offer;

    public override bool Applies(StreamNegotiation negotiation) => !negotiation.IsAuthenticated;

    public override void OnMissing(StreamNegotiation negotiation) => throw new XmppAuthenticationException(
        "", $"The server of {negotiation.Jid.Domain} offers no way to log in over this connection"
        + (negotiation.Transport.IsEncrypted ? "." : "; it may want TLS first."));

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var mechanisms = await SelectAsync(negotiation, offer, cancellationToken).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            try
            {
                RefuseDowngrade(negotiation, mechanisms[i]);
                await AuthenticateAsync(negotiation, mechanisms[i], cancellationToken).ConfigureAwait(false);
                _hasShownProof |= mechanisms[i] is ScramMechanism;
                negotiation.IsAuthenticated = true;
                return FeatureOutcome.Restart;
            }
            catch (XmppAuthenticationException e) when (e.Condition == "invalid-mechanism" && i + 1 < mechanisms.Count)
            {
                // The server offered it and cannot do it after all; the next one is no weaker than what it offers.
            }
        }
    }

    // What once proved that it knows the password has no need to be told it.
    private void RefuseDowngrade(StreamNegotiation negotiation, ISaslMechanism mechanism)
    {
        if (_hasShownProof && mechanism is PlainMechanism)
        {
            throw new XmppSecurityException(
                $"The server of {negotiation.Jid.Domain} offered SCRAM before and now nothing but PLAIN; "
                + "the password was not sent.");
        }
    }

    private async ValueTask<IReadOnlyList<ISaslMechanism>> SelectAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var transport = negotiation.Transport;
        var options = negotiation.Options;
        var credentials = new SaslCredentials
        {
            Username = negotiation.Jid.Local ?? "",
            Password = await options.ReadPasswordAsync(cancellationToken).ConfigureAwait(false),
            HasClientCertificate = transport.HasClientCertificate,
            IsAnonymous = negotiation.Jid.Local is null,
        };
        try
        {
            return SaslMechanismSelector.Select(
                new SaslOffer
                {
                    Mechanisms = [.. offer.Elements.ToArray().Where(e => e.Name.LocalName == "mechanism").Select(e => e.Text)],
                    ChannelBindingTypes = negotiation.Features.Element(ChannelBindings)?.Elements.ToArray()
                        .Select(e => e.Attribute("type")).OfType<string>().ToArray(),
                },
                new SaslLink { IsEncrypted = transport.IsEncrypted, ChannelBindings = transport.ChannelBindings },
                credentials,
                new SaslPolicy { AllowPlain = options.AllowPlain },
                new ScramOptions { KeyCache = keys });
        }
        catch (ArgumentException e)
        {
            var option = options.PasswordFile is null ? nameof(options.Password) : nameof(options.PasswordFile);
            var problem = e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
            throw new XmppAuthenticationException("", $"Jid and {option} are no credentials for any server: {problem}");
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
                case "challenge" when challenges < MostChallenges:
                    var challenge = Decode(answer);

                    // Deriving SCRAM's key may take the processor seconds. Here it would hold up whoever else this thread
                    // serves, and no platform lets go of it: who cancels does not wait for its end.
                    var response = await Task.Run(() => mechanism.Respond(challenge), cancellationToken)
                        .WaitAsync(cancellationToken).ConfigureAwait(false);
                    await negotiation.Transport.SendAsync(
                        new XmppElement(Response, response.IsEmpty ? [] : [Encode(response.Span)]), cancellationToken)
                        .ConfigureAwait(false);
                    break;
                case "challenge":
                    throw new XmppSecurityException("The server goes on asking and never lets us in.");
                case "success":
                    mechanism.Complete(Decode(answer));
                    return;
                case "failure":
                    throw Refused(negotiation, mechanism, answer);
                default:
                    throw StreamNegotiation.Unexpected(answer, "its answer to the login");
            }
        }
    }

    private static XmppAuthenticationException Refused(StreamNegotiation negotiation, ISaslMechanism mechanism, XmppElement failure)
    {
        var condition = "undefined-condition";
        string? text = null;
        foreach (var child in failure.Elements)
        {
            if (child.Name.LocalName == "text")
            {
                text = child.Text;
            }
            else if (child.Name.Namespace == Namespace)
            {
                condition = child.Name.LocalName;
            }
        }

        return new XmppAuthenticationException(
            condition,
            $"The server refused the login of {negotiation.Jid.Bare} with {mechanism.Name}: {condition}"
            + (string.IsNullOrWhiteSpace(text) ? "." : $" ({text})."));
    }

    // RFC 6120 §6.4.2: "=" is data of no length, an empty element is no data.
    private static string Encode(ReadOnlySpan<byte> data) => data.IsEmpty ? "=" : Convert.ToBase64String(data);

    private static byte[] Decode(XmppElement element)
    {
        var text = element.Text.Trim();
        if (text is "" or "=")
        {
            return [];
        }

        // RFC 6120 §13.9.1 forbids line breaks and padding errors alike; this refuses the latter.
        if (!Base64.IsValid(text))
        {
            throw new XmppProtocolException(StreamErrorCondition.BadFormat, "The server's SASL data is not base64.");
        }

        return Convert.FromBase64String(text);
    }
}
