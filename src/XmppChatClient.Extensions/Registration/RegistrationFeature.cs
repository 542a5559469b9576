using XmppChatClient.Forms;
using XmppChatClient.Negotiation;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Registration;

/// <summary>Makes an account on a stream that nobody has logged in on (XEP-0077 v2.4 §3.1, §8).</summary>
internal sealed class RegistrationFeature(Func<DataForm, CancellationToken, ValueTask<DataForm?>> fill) : StreamFeature
{
    public override XmlName Name { get; } = new("http://jabber.org/features/iq-register", "register");

    public override bool Applies(StreamNegotiation negotiation) => true;

    public override void OnMissing(StreamNegotiation negotiation)
    {
        RequireTls(negotiation);
        throw new XmppRegistrationException(
            RegistrationProblem.NotOffered, $"The server of {negotiation.Jid.Domain} lets no client make accounts.");
    }

    public override async ValueTask<FeatureOutcome> NegotiateAsync(
        StreamNegotiation negotiation, XmppElement offer, CancellationToken cancellationToken)
    {
        RequireTls(negotiation);
        var asked = await AskAsync(negotiation, IqType.Get, new RegistrationQuery(), cancellationToken).ConfigureAwait(false)
            ?? throw StreamNegotiation.Unexpected(new XmppElement(RegistrationQuery.Name), "what an account needs");
        if (asked is { Form: null, Fields.IsEmpty: true })
        {
            throw asked.Url is null
                ? new XmppRegistrationException(
                    RegistrationProblem.Other, $"The server of {negotiation.Jid.Domain} does not say what an account needs.")
                : new XmppRegistrationException(
                    RegistrationProblem.Elsewhere, $"Accounts of {negotiation.Jid.Domain} are made elsewhere.")
                { Url = asked.Url };
        }

        var password = await negotiation.Options.ReadPasswordAsync(cancellationToken).ConfigureAwait(false);
        var form = RegistrationForm.Of(asked, negotiation.Jid.Local, password);
        if (await fill(form, cancellationToken).ConfigureAwait(false) is not { } filled)
        {
            return FeatureOutcome.Ready;
        }

        if (RegistrationForm.Missing(filled) is { } missing)
        {
            throw new XmppRegistrationException(
                RegistrationProblem.FormIncomplete,
                $"The server of {negotiation.Jid.Domain} wants more of an account: {missing} is empty.")
            { Form = form };
        }

        await AskAsync(negotiation, IqType.Set, RegistrationForm.Answer(asked, filled), cancellationToken).ConfigureAwait(false);
        return FeatureOutcome.Ready;
    }

    // STARTTLS comes before, wherever it is not disabled.
    private static void RequireTls(StreamNegotiation negotiation)
    {
        if (!negotiation.Transport.IsEncrypted)
        {
            throw new XmppSecurityException("An account is made over TLS only: its password would be sent for all to read.");
        }
    }

    private static async ValueTask<RegistrationQuery?> AskAsync(
        StreamNegotiation negotiation, IqType type, RegistrationQuery query, CancellationToken cancellationToken)
    {
        var options = negotiation.Options;
        using var limit = new CancellationTokenSource(options.Timeouts.Request, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var request = new Iq(type, query) { Id = options.NewId(), To = Jid.Parse(negotiation.Jid.Domain) };
            await negotiation.Transport.SendAsync(request, either.Token).ConfigureAwait(false);
            var element = await negotiation.ReceiveAsync(either.Token).ConfigureAwait(false);
            if (new StanzaReader().Read(element, out _) is not Iq { IsRequest: false } answer || answer.Id != request.Id)
            {
                throw StreamNegotiation.Unexpected(element, "its answer about the account");
            }

            return answer.Error is { } error
                ? throw new XmppRegistrationException($"The server of {negotiation.Jid.Domain} makes no account {negotiation.Jid.Bare}", error)
                : answer.Get<RegistrationQuery>();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new XmppTimeoutException(
                $"The server of {negotiation.Jid.Domain} did not answer about the account within {options.Timeouts.Request.TotalSeconds:0.#} s.");
        }
    }
}
