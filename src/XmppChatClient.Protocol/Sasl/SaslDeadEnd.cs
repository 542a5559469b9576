namespace XmppChatClient.Sasl;

/// <summary>Says why none of the offered mechanisms may be used, and what would change that.</summary>
internal static class SaslDeadEnd
{
    private const int MostNamed = 12;
    private const int LongestName = 20;

    public static bool OffersScram(SaslOffer offer) => ScramHash.ByStrength.Any(hash =>
        offer.Mechanisms.Contains(hash.Mechanism) || offer.Mechanisms.Contains(hash.MechanismPlus));

    public static XmppAuthenticationException Explain(
        SaslOffer offer, SaslLink link, SaslCredentials credentials, SaslPolicy policy)
    {
        var over = link.IsEncrypted ? "" : " over this link without TLS";
        return new XmppAuthenticationException("", offer.Mechanisms.Count == 0
            ? $"The server offers no SASL mechanism{over}."
            : $"The server offers only {Names(offer.Mechanisms)}{over}; {Advice(offer, link, credentials, policy)}.");
    }

    private static string Advice(SaslOffer offer, SaslLink link, SaslCredentials credentials, SaslPolicy policy)
    {
        if (credentials.IsAnonymous)
            return "this login asks for ANONYMOUS; give an account, or allow ANONYMOUS at the server";
        if (credentials.Password is null)
        {
            return credentials.HasClientCertificate
                ? "a client certificate needs EXTERNAL over TLS; check that the server accepts it, or give a password"
                : "these need a password, and none was given";
        }

        if (policy.ChannelBinding == ChannelBindingDemand.Required)
            return "none can be bound to the channel, which the policy requires";
        if (OffersScram(offer))
            return "SCRAM is offered with channel binding alone, and this link has none to give";
        if (!offer.Mechanisms.Contains("PLAIN"))
            return "none of these is known to this client; enable SCRAM-SHA-256 at the server";

        return link.IsEncrypted
            ? "allow PLAIN with AllowPlain, or enable SCRAM at the server"
            : "PLAIN is never used without TLS; enable TLS, or SCRAM at the server";
    }

    // The names come from the server and go to a log: only what RFC 4422 §3.1 calls a name is repeated.
    private static string Names(IReadOnlyList<string> offered)
    {
        var names = offered.Where(IsName).Distinct().Take(MostNamed).ToList();
        if (offered.Any(name => !IsName(name)) || offered.Distinct().Count() > names.Count)
            names.Add("others");

        return names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName
        && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
