using XmppChatClient.Modules;
using XmppChatClient.Roster;

namespace XmppChatClient.Receipts;

/// <summary>Delivery receipts (XEP-0184 v1.4.0): tells those who ask that their messages have come, and learns the same of ours.
/// </summary>
public sealed class ReceiptsModule : IXmppModule
{
    // Receipts on their way out: a link that takes nothing must not pile them up here.
    private const int MostAnswers = 256;

    private XmppClient? _client;
    private int _answers;

    /// <summary>Default <see cref="ReceiptPolicy.AnswerAll"/>.</summary>
    public ReceiptPolicy Policy { get; set; }

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.Advertise(ReceiptRequest.Namespace).OnMessage(Take).OnHandled(Answer).OnReceiptRequest(IsAskedFor);
    }

    /// <summary>Sends a message that asks for a receipt, and waits for it, as <see cref="SendReceipt.DeliveredAsync"/> does: give it
    /// a token that ends the wait.</summary>
    /// <param name="message">A chat or normal message to somebody else.</param>
    /// <exception cref="XmppStanzaException">The message came back with an error.</exception>
    /// <exception cref="XmppException">It could not be sent, or was lost (<see cref="SendState.Lost"/>).</exception>
    public async Task DeliverAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var asking = message.Get<ReceiptRequest>() is null
            ? message with { Payloads = message.Payloads.Add(new ReceiptRequest()) } : message;
        if (!IsAskedFor(asking))
        {
            throw new ArgumentException("Receipts are for chat and normal messages to somebody else.", nameof(message));
        }

        var receipt = await Client.SendAsync(asking, cancellationToken).ConfigureAwait(false);
        await receipt.DeliveredAsync(cancellationToken).ConfigureAwait(false);
    }

    // Nobody answers what went to many, and nobody their own.
    private bool IsAskedFor(Message message) =>
        message is { To: { } to, Type: MessageType.Chat or MessageType.Normal, Id: null or { Length: > 0 } }
        && message.Get<ReceiptRequest>() is not null && to.Bare != Client.Jid.Bare;

    /// <summary>Takes in what becomes of our messages, which may come out of an archive too.</summary>
    /// <returns>Whether the message is a receipt for one of ours, and nothing else.</returns>
    internal bool Take(Message message)
    {
        if (message.From?.Bare is not { } peer || peer == Client.Jid.Bare)
        {
            return false;
        }

        if (message.Type == MessageType.Error)
        {
            // The error is still for whoever handles errors.
            if (message.Id is { } failed)
            {
                Client.SettleDelivery(peer, failed, new XmppStanzaException(
                    message.Error ?? Stanzas.StanzaErrors.ServiceUnavailable, message.From));
            }

            return false;
        }

        if (message.Get<DeliveryReceipt>() is { } receipt)
        {
            return Client.SettleDelivery(peer, receipt.Id);
        }

        return false;
    }

    // XEP-0184 §5: a client that has processed the message says so, and §5.4: when it receives it first, archived or not.
    private void Answer(Message message)
    {
        if (message is { From: { } from, Type: MessageType.Chat or MessageType.Normal, Id: { Length: > 0 } id }
            && from.Bare != Client.Jid.Bare && message.Get<DeliveryReceipt>() is null
            && message.Get<ReceiptRequest>() is not null && MayKnow(from.Bare))
        {
            _ = AnswerAsync(new Message
            {
                From = Client.AnswersFrom(message),
                To = from,
                Type = message.Type,
                Payloads = [new DeliveryReceipt(id)],
            });
        }
    }

    private bool MayKnow(Jid peer) => Policy switch
    {
        ReceiptPolicy.AnswerAll => true,
        ReceiptPolicy.AnswerSubscribers => Client.Find<RosterModule>()?.Items.GetValueOrDefault(peer)?.Subscription
            is RosterSubscription.From or RosterSubscription.Both,
        _ => false,
    };

    private async Task AnswerAsync(Message receipt)
    {
        if (Interlocked.Increment(ref _answers) <= MostAnswers)
        {
            try
            {
                await Client.SendAsync(receipt).ConfigureAwait(false);
            }
            catch (XmppException)
            {
                // Nobody may count on a receipt.
            }
        }

        Interlocked.Decrement(ref _answers);
    }
}
