using XmppChatClient.Sasl;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Logs in with SASL2 (XEP-0388 v1.0.4), and with it resumes a session or binds a resource: without a new stream, and with
/// a token instead of the password where there is one. Only over TLS (§3).</summary>
internal sealed class Sasl2(SaslChoice choice, FastLogin fast, LoginMemory memory, LoginLog log) : StreamFeature
{
    public const string Namespace = "urn:xmpp:sasl:2";

    private const int MostTasksNamed = 5;

    // XEP-0509 v0.2.0 §2.2: nobody was refused but for what was known of the server.
    private const string OfferHasChanged = "config-version-mismatch";

    private static readonly XmlName Offer = new(Namespace, "authentication");
    private static readonly XmlName Authenticate = new(Namespace, "authenticate");
    private static readonly XmlName InitialResponse = new(Namespace, "initial-response");
    private static readonly XmlName UserAgent = new(Namespace, "user-agent");
    private static readonly XmlName Software = new(Namespace, "software");
    private static readonly XmlName Response = new(Namespace, "response");
    private static readonly XmlName AdditionalData = new(Namespace, "additional-data");
    private static readonly XmlName OfferVersion = new("urn:xmpp:iap:0", "config-version");
    private static readonly XmlName VersionMismatch = new("urn:xmpp:iap:0", OfferHasChanged);
    private static readonly XmlName Tasks = new(Namespace, "tasks");

    public override XmlName Name => Offer;

    public override bool Applies(StreamNegotiation negotiation) =>
        negotiation is { IsAuthenticated: false, Transport.IsEncrypted: true, Options.Login.Sasl2: true };

    public override void OnMissing(StreamNegotiation negotiation)
    {
        choice.CheckWithoutSasl2(negotiation);
        if (negotiation.Early is { } early)
        {
            // Allowed, but what the server makes of a login that it does not know is in the way of any other on this stream. Nobody has
            // refused the token: it stays, for where SASL2 is offered.
            early.Inline.Refused();
            throw new TokenRefusedException(new XmppAuthenticationException(
                "", $"The server of {negotiation.Jid.Domain} offered SASL2 (XEP-0388) before and does not now."));
        }
    }

    // XEP-0388 §2.1 lets clients remember what a server offers. A token needs no more than that, and no other turn.
    internal override XmppElement? Begin(StreamNegotiation negotiation)
    {
        if (!Applies(negotiation) || memory.Offer is not { } offer || fast.Find(negotiation, offer) is not { } attempt)
        {
            return null;
        }

        // Until it has succeeded: a server that cannot do with it is not to be asked so again.
        memory.Offer = null;
        var early = new EarlyLogin(attempt, new InlineRequest(negotiation, offer));
        negotiation.Early = early;
        return Request(
            negotiation, attempt.Mechanism, early.Inline,
            memory.OfferVersion is { } version
                ? [.. fast.Use(attempt), version] : fast.Use(attempt));
    }

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var (inline, success) = await LogInAsync(negotiation, offer, cancellationToken).ConfigureAwait(false);
        negotiation.IsAuthenticated = true;
        (memory.Offer, memory.OfferVersion) = (offer, negotiation.Features.Element(OfferVersion));
        inline.Take(success);
        if (negotiation.IsResumedInline)
        {
            return FeatureOutcome.Ready;
        }

        var features = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        negotiation.Features = features.Name == StreamNegotiator.FeaturesName
            ? features : throw StreamNegotiation.Unexpected(features, "its features");
        return FeatureOutcome.Continue;
    }

    /// <summary>Logs in with the token for the last time: the server takes it no more (XEP-0484 §3.6), and here it is forgotten.
    /// </summary>
    /// <param name="negotiation">One that asks for nothing inline.</param>
    /// <returns>Whether the server was told; <see langword="false"/> when there is no token, or it takes none here.</returns>
    /// <exception cref="XmppException">Whether it was is not known; the token is still there.</exception>
    public async ValueTask<bool> GiveBackAsync(StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        if (fast.Find(negotiation, offer, isLast: true) is not { } attempt)
        {
            fast.Forget();
            return false;
        }

        var nothing = new InlineRequest(negotiation, offer);
        await SendAsync(
            negotiation, Request(negotiation, attempt.Mechanism, nothing, [fast.UseUp(attempt)]), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await AnswerAsync(negotiation, attempt.Mechanism, nothing, cancellationToken).ConfigureAwait(false);
        }
        catch (XmppAuthenticationException e) when (e.Condition is "not-authorized" or "credentials-expired")
        {
            // It is of no use to anybody any more.
        }

        fast.Forget(attempt);
        return true;
    }

    private async ValueTask<(InlineRequest Inline, XmppElement Success)> LogInAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        var early = negotiation.Early;
        if (early is not null)
        {
            var answer = await TryAsync(negotiation, early.Attempt, early.Inline, isEarly: true, cancellationToken).ConfigureAwait(false);
            negotiation.Early = null;
            if (answer is not null)
            {
                return (early.Inline, answer);
            }
        }

        var inline = new InlineRequest(negotiation, offer);
        var attempt = fast.Find(negotiation, offer);
        if (attempt is not null)
        {
            await SendAsync(negotiation, Request(negotiation, attempt.Mechanism, inline, fast.Use(attempt)), cancellationToken)
                .ConfigureAwait(false);
            if (await TryAsync(negotiation, attempt, inline, isEarly: false, cancellationToken).ConfigureAwait(false) is { } let)
            {
                return (inline, let);
            }
        }

        try
        {
            return (inline, await LogInWithPasswordAsync(negotiation, offer, inline, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is XmppAuthenticationException or XmppSecurityException and not XmppDowngradeException
            && (early is not null || attempt is not null))
        {
            throw new TokenRefusedException((XmppException)e);
        }
    }

    private async ValueTask<XmppElement> LogInWithPasswordAsync(
        StreamNegotiation negotiation, XmppElement offer, InlineRequest inline, CancellationToken cancellationToken)
    {
        var mechanisms = await choice.SelectAsync(negotiation, offer, isSasl2: true, cancellationToken).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            try
            {
                var mechanism = mechanisms[i];
                choice.Check(negotiation, mechanism);
                var token = fast.Ask(negotiation, offer, mechanism);
                await SendAsync(
                    negotiation, Request(negotiation, mechanism, inline, token is null ? [] : [token.Element]), cancellationToken)
                    .ConfigureAwait(false);
                var success = await AnswerAsync(negotiation, mechanism, inline, cancellationToken).ConfigureAwait(false);
                choice.Succeeded(negotiation, mechanism, isSasl2: true);
                fast.Take(success, token?.Mechanism);
                return success;
            }
            catch (XmppAuthenticationException e) when (e.Condition == "invalid-mechanism" && i + 1 < mechanisms.Count)
            {
                // As in RFC 6120's profile.
            }
        }
    }

    /// <summary>Sees whether a token that was sent lets us in.</summary>
    /// <returns>The server's success; <see langword="null"/> when it does not take the token, and wants the password.</returns>
    private async ValueTask<XmppElement?> TryAsync(
        StreamNegotiation negotiation, FastAttempt attempt, InlineRequest inline, bool isEarly, CancellationToken cancellationToken)
    {
        try
        {
            var success = await AnswerAsync(negotiation, attempt.Mechanism, inline, cancellationToken).ConfigureAwait(false);
            choice.Succeeded(negotiation, attempt.Mechanism, isSasl2: true);
            fast.Succeeded(attempt, success);
            return success;
        }
        catch (XmppAuthenticationException e)
        {
            // What named no version cannot be wrong about it: whoever says so is to get nothing of ours again.
            if (!isEarly || e.Condition != OfferHasChanged)
            {
                log.TokenRefused(e.Message);
                fast.Forget();
            }

            return null;
        }
        catch (XmppSecurityException)
        {
            // Nobody would get in again otherwise who keeps a token that the server cannot prove to know.
            fast.Forget();
            throw;
        }
    }

    private XmppElement Request(
        StreamNegotiation negotiation, ISaslMechanism mechanism, InlineRequest inline, ReadOnlySpan<XmlNode> more)
    {
        XmlNode[] initial = mechanism.Start() is { } said ? [new XmppElement(InitialResponse, Encode(said.Span))] : [];
        var who = new XmppElement(
            UserAgent,
            [new XmlAttribute("id", memory.ClientId)],
            new XmppElement(Software, negotiation.Options.Login.Tag ?? "XmppChatClient"));
        inline.Sent();
        return new XmppElement(
            Authenticate, [new XmlAttribute("mechanism", mechanism.Name)], [.. initial, who, .. inline.Elements, .. more]);
    }

    private static ValueTask SendAsync(StreamNegotiation negotiation, XmppElement element, CancellationToken cancellationToken) =>
        negotiation.Transport.SendAsync(element, cancellationToken);

    /// <returns>The server's success, whatever it had to prove proven.</returns>
    private static async ValueTask<XmppElement> AnswerAsync(
        StreamNegotiation negotiation, ISaslMechanism mechanism, InlineRequest inline, CancellationToken cancellationToken)
    {
        for (var challenges = 0; ; challenges++)
        {
            var answer = await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            switch (answer.Name.Namespace == Namespace ? answer.Name.LocalName : "")
            {
                case "challenge" when challenges < SaslData.MostChallenges:
                    var response = await SaslData.RespondAsync(mechanism, answer, cancellationToken).ConfigureAwait(false);
                    await SendAsync(negotiation, new XmppElement(Response, Encode(response.Span)), cancellationToken)
                        .ConfigureAwait(false);
                    break;
                case "challenge":
                    throw SaslData.AsksForEver();
                case "success":
                    mechanism.Complete(answer.Element(AdditionalData) is { } data ? SaslData.Decode(data) : []);
                    return answer;
                case "continue":
                    inline.Refused();
                    throw new XmppAuthenticationException(
                        "", $"The password of {negotiation.Jid.Bare} is right, and the server wants more before it lets us in: "
                        + $"{TasksOf(answer)}. This client can do none of it; use an account that needs nothing but its password.");
                case "failure":
                    inline.Refused();
                    if (answer.Element(VersionMismatch) is not null)
                    {
                        throw new XmppAuthenticationException(OfferHasChanged, "The server offers something else than it did before.");
                    }

                    throw SaslData.Refused(negotiation, mechanism.Name, answer);
                default:
                    throw StreamNegotiation.Unexpected(answer, "its answer to the login");
            }
        }
    }

    // They come from the server and go to a log.
    private static string TasksOf(XmppElement answer)
    {
        var names = (answer.Element(Tasks)?.Elements.ToArray() ?? []).Select(t => t.Text.Trim())
            .Where(t => t.Length is > 0 and <= 40 && t.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            .Take(MostTasksNamed).ToArray();
        return names.Length == 0 ? "it does not say what" : string.Join(", ", names);
    }

    // XEP-0388 v1.0.4 §2.2: data of no length is an empty element.
    private static string Encode(ReadOnlySpan<byte> data) => Convert.ToBase64String(data);
}
