using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>Gives a token back (XEP-0484 v0.2.0 §3.6), on a stream that is made for nothing else.</summary>
internal sealed class TokenReturn(Sasl2 sasl2) : StreamFeature
{
    public override XmlName Name => sasl2.Name;

    /// <summary>Whether the server was told.</summary>
    public bool IsDone { get; private set; }

    public override bool Applies(StreamNegotiation negotiation) => true;

    public override void OnMissing(StreamNegotiation negotiation)
    {
        sasl2.OnMissing(negotiation);
        throw new XmppAuthenticationException(
            "", $"The server of {negotiation.Jid.Domain} offers no SASL2 (XEP-0388) here, without which no token can be given back.");
    }

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        if (!negotiation.Transport.IsEncrypted)
        {
            throw new XmppSecurityException("A token is used over TLS only, and so given back over TLS only.");
        }

        var options = negotiation.Options;
        using var limit = new CancellationTokenSource(options.Timeouts.Request, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            IsDone = await sasl2.GiveBackAsync(negotiation, offer, either.Token).ConfigureAwait(false);
            return FeatureOutcome.Ready;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new XmppTimeoutException(
                $"The server of {negotiation.Jid.Domain} did not take the token back within {options.Timeouts.Request.TotalSeconds:0.#} s.");
        }
    }
}
