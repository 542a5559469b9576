using XmppChatClient.Sasl;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Which mechanisms a login may use, for both profiles of SASL: as the options say, and never weaker than the last one.
/// </summary>
internal sealed class SaslChoice(ScramKeyCache keys, LoginMemory memory, LoginLog log)
{
    private static readonly XmlName ChannelBindings = new("urn:xmpp:sasl-cb:0", "sasl-channel-binding");

    /// <summary>The mechanisms to try, best first.</summary>
    /// <param name="offer">What names them.</param>
    /// <param name="isSasl2">Whose they are: that of XEP-0388, or of RFC 6120.</param>
    /// <exception cref="XmppException">None may be used.</exception>
    public async ValueTask<IReadOnlyList<ISaslMechanism>> SelectAsync(
        StreamNegotiation negotiation, XmppElement offer, bool isSasl2, CancellationToken cancellationToken)
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
                    Mechanisms = Mechanisms(offer),
                    ChannelBindingTypes = negotiation.Features.Element(ChannelBindings)?.Elements.ToArray()
                        .Select(e => e.Attribute("type")).OfType<string>().ToArray(),
                    IsSasl2 = isSasl2,
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

    /// <summary>The names in an offer, as they came.</summary>
    public static string[] Mechanisms(XmppElement offer) =>
        [.. offer.Elements.ToArray().Where(e => e.Name.LocalName == "mechanism").Select(e => e.Text)];

    /// <summary>Refuses what is weaker than what there was.</summary>
    /// <exception cref="XmppDowngradeException">It is, and the options do not allow it.</exception>
    public void Check(StreamNegotiation negotiation, ISaslMechanism mechanism)
    {
        // What once proved that it knows the password has no need to be told it.
        if (Misses(negotiation, LoginPins.Proof) && mechanism is PlainMechanism)
        {
            throw new XmppDowngradeException(
                "SCRAM",
                $"The server of {negotiation.Jid.Domain} offered SCRAM before and now nothing but PLAIN; "
                + $"the password was not sent. {Advice}");
        }

        if (Misses(negotiation, LoginPins.ChannelBinding) && negotiation.Transport.MayBindChannel
            && mechanism is ScramMechanism or PlainMechanism && !IsBound(mechanism))
        {
            throw new XmppDowngradeException(
                "channel binding",
                $"Logins of {negotiation.Jid.Bare} were bound to the TLS connection before (-PLUS), and what the server of "
                + $"{negotiation.Jid.Domain} offers now cannot be; no proof of the password was sent. {Advice}");
        }
    }

    /// <summary>SASL2 is not offered.</summary>
    /// <exception cref="XmppDowngradeException">It was before, and the options do not allow that.</exception>
    public void CheckWithoutSasl2(StreamNegotiation negotiation)
    {
        // What a server offers over the web is another matter, and a client may have been kept from all but the web.
        if (Misses(negotiation, LoginPins.Sasl2) && negotiation.Transport.MayBindChannel)
        {
            throw new XmppDowngradeException(
                "SASL2",
                $"The server of {negotiation.Jid.Domain} offered SASL2 (XEP-0388) before and does not now; "
                + $"nothing of the password was sent. {Advice}");
        }
    }

    /// <summary>Whether a token may be used here that is not bound to the channel.</summary>
    public bool MayBeUnbound(StreamNegotiation negotiation) => negotiation.Options.Login.Fast == FastTokens.Any
        || !negotiation.Transport.MayBindChannel || !Misses(negotiation, LoginPins.ChannelBinding);

    /// <summary>A login has succeeded; what it had, later ones must have.</summary>
    public void Succeeded(StreamNegotiation negotiation, ISaslMechanism mechanism, bool isSasl2)
    {
        var pins = (mechanism is ScramMechanism ? LoginPins.Proof : LoginPins.None)
            | (mechanism is ScramMechanism && IsBound(mechanism) ? LoginPins.ChannelBinding : LoginPins.None)
            | (isSasl2 && negotiation.Transport.MayBindChannel ? LoginPins.Sasl2 : LoginPins.None);
        log.LoggedIn(mechanism.Name, isSasl2 ? "SASL2" : "RFC 6120");
        var before = memory.Pins;
        if (!negotiation.Options.Login.AllowDowngrade || mechanism is not (ScramMechanism or PlainMechanism))
        {
            memory.Pins = before | pins;
            return;
        }

        if ((before & ~pins) is var missing and not LoginPins.None)
        {
            log.Downgraded(missing);
        }

        memory.Pins = pins;
    }

    public static bool IsBound(ISaslMechanism mechanism) => mechanism.Name.EndsWith("-PLUS", StringComparison.Ordinal);

    private const string Advice = "If the server was changed so on purpose, say Login:AllowDowngrade once.";

    private bool Misses(StreamNegotiation negotiation, LoginPins pin) =>
        !negotiation.Options.Login.AllowDowngrade && memory.Pins.HasFlag(pin);
}
