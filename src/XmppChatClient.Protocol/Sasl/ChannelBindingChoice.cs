namespace XmppChatClient.Sasl;

/// <summary>Decides what to say about channel binding: the rules of XEP-0440 v1.0.0 §3 as XEP-0474 v0.5.0 §7 changes
/// them.</summary>
internal static class ChannelBindingChoice
{
    /// <exception cref="XmppSecurityException">The announcement contradicts itself where XEP-0440 says to give
    /// up.</exception>
    public static Gs2ChannelBinding Choose(SaslOffer offer, SaslLink link, ChannelBindingDemand demand)
    {
        if (link.ChannelBindings.Count == 0)
            return Gs2ChannelBinding.NotSupported;

        var offersPlus = ScramHash.ByStrength.Any(hash => offer.Mechanisms.Contains(hash.MechanismPlus));
        return (offersPlus, offer.ChannelBindingTypes) switch
        {
            (false, null) => Gs2ChannelBinding.NotOffered,
            (false, _) => WithoutPlus(offer),
            (true, null) => WithoutTypes(offer, link, demand),
            (true, { } types) => Share(types, link, demand),
        };
    }

    // Rule 5. SASL2 must give up; RFC 6120's profile should. There "y" has an honest server with -PLUS refuse us, which
    // catches the same attack and spares a server that announces types and can use none.
    private static Gs2ChannelBinding WithoutPlus(SaslOffer offer) => offer.IsSasl2
        ? throw new XmppSecurityException(
            "The server announces channel bindings and no mechanism to use them (XEP-0440): " +
            "someone may have removed it.")
        : Gs2ChannelBinding.NotOffered;

    // Rule 4. In RFC 6120's profile we may guess. Servers from before XEP-0440 know only tls-unique, the default of
    // RFC 5802 §6.1, which TLS 1.3 does not have: ejabberd 23.01 still offers -PLUS over it and refuses
    // tls-server-end-point, so there nothing is shared.
    private static Gs2ChannelBinding WithoutTypes(SaslOffer offer, SaslLink link, ChannelBindingDemand demand) => offer.IsSasl2
        ? throw new XmppSecurityException(
            "The server offers channel binding and announces no types (XEP-0440): someone may have removed them.")
        : Share([ChannelBindingTypes.TlsUnique], link, demand);

    // Rule 6. Servers exist that announce nothing but tls-exporter, which the platform does not have. XEP-0474 has us
    // go on with "n"; whether its hash must then be there is the user's choice.
    private static Gs2ChannelBinding Share(IReadOnlyList<string> types, SaslLink link, ChannelBindingDemand demand)
    {
        if (link.ChannelBindings.FirstOrDefault(binding => types.Contains(binding.Type)) is { } shared)
            return Gs2ChannelBinding.Bind(shared);

        return demand == ChannelBindingDemand.Preferred ? Gs2ChannelBinding.NotSupported : Gs2ChannelBinding.NoneShared;
    }
}
