using System.Globalization;
using XmppChatClient.Sasl;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Tokens instead of the password (FAST, XEP-0484 v0.2.0): asks for them, uses them, and forgets them.</summary>
internal sealed class FastLogin(LoginMemory memory, SaslChoice choice)
{
    private const string Namespace = "urn:xmpp:fast:0";

    private static readonly XmlName Fast = new(Namespace, "fast");
    private static readonly XmlName RequestToken = new(Namespace, "request-token");
    private static readonly XmlName Token = new(Namespace, "token");

    /// <summary>A login with the token that an earlier one got.</summary>
    /// <param name="offer">The server's, of SASL2.</param>
    /// <param name="isLast">Whether it is to end the token: whoever wants none any more may still have one.</param>
    /// <returns><see langword="null"/> when there is none that can be used here.</returns>
    public FastAttempt? Find(StreamNegotiation negotiation, XmppElement offer, bool isLast = false)
    {
        if (!(isLast || IsWanted(negotiation)) || negotiation.Jid.Local is not { } name
            || memory.Token is not { } token || !Offered(offer).Contains(token.Mechanism))
        {
            return null;
        }

        if (token.Expiry <= negotiation.Options.TimeProvider.GetUtcNow())
        {
            memory.Token = null;
            return null;
        }

        var binding = negotiation.Transport.ChannelBindings
            .FirstOrDefault(b => HashedTokenMechanism.NameFor(b.Type) == token.Mechanism);
        if (binding is null && (token.Mechanism != HashedTokenMechanism.NameFor(null) || !choice.MayBeUnbound(negotiation)))
        {
            return null;
        }

        return new FastAttempt(token, new HashedTokenMechanism(name, token.Secret, binding));
    }

    /// <summary>A token is about to be used.</summary>
    /// <returns>What says so, and how often (§3.4). Servers need not look at that, and a proof that is not bound to this connection
    /// is the same at each login: such a token is good for one (§3.6), and asks for the next.</returns>
    public XmlNode[] Use(FastAttempt attempt) => attempt.IsOnlyUse
        ? [Say(attempt, isLast: true), new XmppElement(RequestToken, [new XmlAttribute("mechanism", attempt.Token.Mechanism)])]
        : [Say(attempt, isLast: false)];

    /// <summary>A token is about to be used for the last time.</summary>
    /// <returns>What says so.</returns>
    public XmppElement UseUp(FastAttempt attempt) => Say(attempt, isLast: true);

    /// <summary>The token is of no use.</summary>
    public void Forget() => memory.Token = null;

    /// <summary>That token is of no use. Another login may have got a newer one meanwhile.</summary>
    public void Forget(FastAttempt attempt)
    {
        if (memory.Token?.Secret == attempt.Token.Secret)
        {
            Forget();
        }
    }

    /// <summary>Asks for a token for later logins.</summary>
    /// <param name="mechanism">What we log in with now: the token is to be no weaker.</param>
    /// <returns>Nothing when the server has none that may be used.</returns>
    public FastRequest? Ask(StreamNegotiation negotiation, XmppElement offer, ISaslMechanism mechanism)
    {
        if (!IsWanted(negotiation))
        {
            return null;
        }

        var offered = Offered(offer);
        var mayBeUnbound = choice.MayBeUnbound(negotiation)
            && (negotiation.Options.Login.Fast == FastTokens.Any || !SaslChoice.IsBound(mechanism));
        var name = negotiation.Transport.ChannelBindings.Select(b => HashedTokenMechanism.NameFor(b.Type))
            .Append(mayBeUnbound ? HashedTokenMechanism.NameFor(null) : null)
            .FirstOrDefault(n => n is not null && offered.Contains(n));
        return name is null ? null : new FastRequest(name, new XmppElement(RequestToken, [new XmlAttribute("mechanism", name)]));
    }

    /// <summary>A login with a token has succeeded.</summary>
    public void Succeeded(FastAttempt attempt, XmppElement success)
    {
        if (attempt.IsOnlyUse)
        {
            Forget();
        }

        Take(success, attempt.Token.Mechanism);
    }

    /// <summary>Takes a token that came with a success: one that was asked for, or one in place of that which was used (§3.5).</summary>
    /// <param name="mechanism">The only one that it is good for.</param>
    public void Take(XmppElement success, string? mechanism)
    {
        if (mechanism is not null && success.Element(Token) is { } given && given.Attribute("token") is { Length: > 0 } secret
            && DateTimeOffset.TryParse(
                given.Attribute("expiry"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expiry))
        {
            memory.Token = new FastToken(mechanism, secret, expiry.ToUniversalTime(), count: 0);
        }
    }

    private XmppElement Say(FastAttempt attempt, bool isLast)
    {
        var token = attempt.Token;
        var count = token.Count + 1;
        memory.Token = new FastToken(token.Mechanism, token.Secret, token.Expiry, count);
        var said = new XmlAttribute("count", count.ToString(CultureInfo.InvariantCulture));
        return new XmppElement(Fast, isLast ? [said, new XmlAttribute("invalidate", "true")] : [said]);
    }

    private static bool IsWanted(StreamNegotiation negotiation) =>
        negotiation.Options.Login.Fast != FastTokens.None && negotiation.Jid.Local is not null;

    private static string[] Offered(XmppElement offer) =>
        InlineRequest.Find(offer, Fast) is { } fast ? SaslChoice.Mechanisms(fast) : [];
}
