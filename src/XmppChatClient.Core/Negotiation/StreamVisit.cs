using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>A stream that is opened for one thing before login, and then closed.</summary>
public static class StreamVisit
{
    /// <summary>Connects as a client with these options does, turns TLS on, negotiates the feature, and closes the stream in good
    /// order. What the feature's outcome is does not matter. A server that sends us elsewhere is followed.</summary>
    /// <param name="options">Where to and how. <see cref="TimeoutOptions.Handshake"/> holds until the feature's turn, which waits as
    /// long as it likes.</param>
    /// <param name="feature">What to do there. Its <see cref="StreamFeature.Applies"/> is asked when TLS is on, or is not to be.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    /// <exception cref="XmppException">It failed.</exception>
    public static async Task MakeAsync(
        XmppClientOptions options, StreamFeature feature, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(feature);
        options.Validate();
        var connector = options.MakeConnector();
        var next = new NextHost(options.Tls);
        while (true)
        {
            var transport = await connector.ConnectAsync(options.Jid!.Domain, next.Preferred, cancellationToken)
                .ConfigureAwait(false);
            next.Connected();
            await using (transport.ConfigureAwait(false))
            {
                var isDone = false;
                try
                {
                    await NegotiateAsync(transport, options, feature, cancellationToken).ConfigureAwait(false);
                    isDone = true;
                    return;
                }
                catch (XmppStreamException e) when (
                    e.Error.Condition == StreamErrorCondition.SeeOtherHost && next.Follow(e.Error, transport.IsEncrypted) is null)
                {
                    // And that at once.
                }
                finally
                {
                    await CloseAsync(transport, options, isDone).ConfigureAwait(false);
                }
            }
        }
    }

    private static async ValueTask NegotiateAsync(
        IXmppTransport transport, XmppClientOptions options, StreamFeature feature, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeouts.Handshake, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await new StreamNegotiator([new StartTls(), new Unhurried(feature, limit)])
                .NegotiateAsync(new StreamNegotiation(transport, options, options.Jid!), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new XmppTimeoutException(
                $"The server of {options.Jid!.Domain} did not open a stream within {options.Timeouts.Handshake.TotalSeconds:0.#} s.");
        }
    }

    private static async ValueTask CloseAsync(IXmppTransport transport, XmppClientOptions options, bool isOpen)
    {
        using var limit = new CancellationTokenSource(options.Timeouts.Close, options.TimeProvider);
        try
        {
            await transport.CloseStreamAsync(limit.Token).ConfigureAwait(false);
            while (isOpen && await transport.ReceiveAsync(limit.Token).ConfigureAwait(false) is not null)
            {
                // It may have had something under way.
            }
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException)
        {
            // Whatever was to be done here is done, or has failed for a better reason.
        }
    }

    /// <summary>Stops the clock for a feature that may have to ask somebody.</summary>
    private sealed class Unhurried(StreamFeature feature, CancellationTokenSource limit) : StreamFeature
    {
        public override XmlName Name => feature.Name;

        public override bool Applies(StreamNegotiation negotiation) => feature.Applies(negotiation);

        internal override XmppElement? Begin(StreamNegotiation negotiation) => feature.Begin(negotiation);

        public override void OnMissing(StreamNegotiation negotiation) => feature.OnMissing(negotiation);

        public override async ValueTask<FeatureOutcome> NegotiateAsync(
            StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
        {
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            await feature.NegotiateAsync(negotiation, offer, cancellationToken).ConfigureAwait(false);
            return FeatureOutcome.Ready;
        }
    }
}
