namespace XmppChatClient.Sasl;

/// <summary>Chooses the mechanisms to try: EXTERNAL, then SCRAM by strength, PLAIN only when nothing better is
/// offered.</summary>
public static class SaslMechanismSelector
{
    /// <summary>The mechanisms that may be used, best first, at least one, none begun. Try the next only when the
    /// server refuses one with <c>invalid-mechanism</c>: any other failure is about the credentials.</summary>
    /// <remarks>When channel binding can be used, only -PLUS mechanisms are in the list. Falling back from one would
    /// let whoever stands in between ask for it, and RFC 5802 §6 has no honest flag for it: "y" and "n" would both be
    /// lies.</remarks>
    /// <exception cref="XmppAuthenticationException">No offered mechanism may be used. Its condition is
    /// empty.</exception>
    /// <exception cref="XmppSecurityException">The offer contradicts itself (XEP-0440 v1.0.0 §3).</exception>
    /// <exception cref="ArgumentException">The credentials cannot be used with any server.</exception>
    public static IReadOnlyList<ISaslMechanism> Select(
        SaslOffer offer,
        SaslLink link,
        SaslCredentials credentials,
        SaslPolicy? policy = null,
        ScramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(credentials);
        policy ??= new SaslPolicy();

        var chosen = new List<ISaslMechanism>();
        if (credentials.IsAnonymous)
        {
            if (offer.Mechanisms.Contains("ANONYMOUS"))
                chosen.Add(new AnonymousMechanism(credentials.Trace));
        }
        else
        {
            if (credentials.HasClientCertificate && link.IsEncrypted && offer.Mechanisms.Contains("EXTERNAL"))
                chosen.Add(new ExternalMechanism(credentials.AuthorizationIdentity));
            if (credentials.Password is not null)
                AddPasswordMechanisms(chosen, offer, link, credentials, policy, options);
        }

        return chosen.Count > 0 ? chosen : throw SaslDeadEnd.Explain(offer, link, credentials, policy);
    }

    private static void AddPasswordMechanisms(
        List<ISaslMechanism> chosen,
        SaslOffer offer,
        SaslLink link,
        SaslCredentials credentials,
        SaslPolicy policy,
        ScramOptions? options)
    {
        var binding = ChannelBindingChoice.Choose(offer, link, policy.ChannelBinding);
        var isBound = binding.Binding is not null;
        if (isBound || policy.ChannelBinding != ChannelBindingDemand.Required)
        {
            chosen.AddRange(ScramHash.ByStrength
                .Where(hash => offer.Mechanisms.Contains(isBound ? hash.MechanismPlus : hash.Mechanism))
                .Select(hash => new ScramMechanism(hash, binding, credentials, offer, options)));
        }

        if (chosen.Count == 0 && MayUsePlain(offer, link, policy))
            chosen.Add(new PlainMechanism(credentials, link));
    }

    // A SCRAM that is offered and out of reach still forbids PLAIN: else hiding the reachable ones would uncover it.
    private static bool MayUsePlain(SaslOffer offer, SaslLink link, SaslPolicy policy) =>
        policy.AllowPlain
        && policy.ChannelBinding != ChannelBindingDemand.Required
        && link.IsEncrypted
        && offer.Mechanisms.Contains("PLAIN")
        && !SaslDeadEnd.OffersScram(offer);
}
