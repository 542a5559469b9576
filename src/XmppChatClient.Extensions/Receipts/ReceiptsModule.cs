using System.Security.Cryptography;
using XmppChatClient.Modules;
using XmppChatClient.Roster;

namespace XmppChatClient.Receipts;

/// <summary>Delivery receipts (XEP-0184 v1.4.0): tells those who ask that their messages have come, and learns the same of ours.
/// </summary>
public sealed class ReceiptsModule : IXmppModule
{
    internal const int MostExpected = 10_000;

    // Receipts on their way out: a link that takes nothing must not pile them up here.
    private const int MostAnswers = 256;

    private readonly Lock _gate = new();

    // By whom a message went to and its id; only while somebody waits.
    private Dictionary<(Jid Peer, string Id), TaskCompletionSource>? _expected;
    private XmppClient? _client;
    private int _answers;

    /// <summary>Default <see cref="ReceiptPolicy.AnswerAll"/>.</summary>
    public ReceiptPolicy Policy { get; set; }

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.Advertise(ReceiptRequest.Namespace).OnMessage(Take);
    }

    /// <summary>Sends a message that asks for a receipt, and waits for it: give it a token that ends the wait, since many
    /// clients send none. That a receipt does not come says nothing (XEP-0184 §3), and the message is not to be sent again for
    /// it. The wait outlasts a lost session, if the message does.</summary>
    /// <param name="message">A chat or normal message to somebody. It gets an id if it has none.</param>
    /// <exception cref="XmppStanzaException">The message came back with an error.</exception>
    /// <exception cref="XmppException">It could not be sent, or was lost (<see cref="SendState.Lost"/>).</exception>
    /// <exception cref="InvalidOperationException">10,000 receipts are waited for already, or one for this.</exception>
    public async Task DeliverAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var sent = message with
        {
            Id = message.Id ?? RandomNumberGenerator.GetHexString(24, lowercase: true),
            Payloads = message.Get<ReceiptRequest>() is null ? message.Payloads.Add(new ReceiptRequest()) : message.Payloads,
        };
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Before it is sent: a receipt may be back before the sending has ended.
        var delivered = DeliveredAsync(sent, sending.Token);
        try
        {
            var receipt = await Client.SendAsync(sent, cancellationToken).ConfigureAwait(false);
            var settled = receipt.SettledAsync(sending.Token);
            if (await Task.WhenAny(delivered, settled).ConfigureAwait(false) == settled
                && await settled.ConfigureAwait(false) == SendState.Lost)
            {
                throw receipt.Error!;
            }
        }
        catch
        {
            await sending.CancelAsync().ConfigureAwait(false);
            await delivered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await delivered.ConfigureAwait(false);
    }

    /// <summary>Waits for the receipt of a message that is sent in another way. Call it before the message is sent, or the
    /// receipt may have come and gone.</summary>
    /// <param name="message">A chat or normal message to somebody with an id and a <see cref="ReceiptRequest"/>.</param>
    /// <exception cref="XmppStanzaException">The message came back with an error.</exception>
    /// <exception cref="InvalidOperationException">10,000 receipts are waited for already, or one for this.</exception>
    public Task DeliveredAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message switch
        {
            not { To: not null, Type: MessageType.Chat or MessageType.Normal } =>
                throw new ArgumentException("Receipts are for chat and normal messages to somebody.", nameof(message)),
            { Id: not { Length: > 0 } } => throw new ArgumentException("Without an id there is no receipt.", nameof(message)),
            _ => WaitAsync((message.To.Bare, message.Id), cancellationToken),
        };
    }

    private async Task WaitAsync((Jid Peer, string Id) key, CancellationToken cancellationToken)
    {
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_expected?.Count >= MostExpected)
            {
                throw new InvalidOperationException($"{MostExpected} receipts are waited for already.");
            }

            if (!(_expected ??= []).TryAdd(key, delivered))
            {
                throw new InvalidOperationException($"The receipt for '{key.Id}' is waited for already.");
            }
        }

        try
        {
            await delivered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_expected!.Remove(key) && _expected.Count == 0)
                {
                    _expected = null;
                }
            }
        }
    }

    private bool Take(Message message)
    {
        if (message.From?.Bare is not { } peer || peer == Client.Jid.Bare)
        {
            return false;
        }

        if (message.Type == MessageType.Error)
        {
            // The error is still for whoever handles errors.
            if (message.Id is { } failed && Expected(peer, failed) is { } waiting)
            {
                waiting.TrySetException(new XmppStanzaException(
                    message.Error ?? Stanzas.StanzaErrors.ServiceUnavailable, message.From));
            }

            return false;
        }

        if (message.Get<DeliveryReceipt>() is { } receipt)
        {
            return Expected(peer, receipt.Id)?.TrySetResult() == true;
        }

        if (message is { Type: MessageType.Chat or MessageType.Normal, Id: { Length: > 0 } id }
            && message.Get<ReceiptRequest>() is not null && MayKnow(peer))
        {
            _ = AnswerAsync(new Message { To = message.From, Type = message.Type, Payloads = [new DeliveryReceipt(id)] });
        }

        return false;
    }

    private TaskCompletionSource? Expected(Jid peer, string id)
    {
        lock (_gate)
        {
            return _expected?.GetValueOrDefault((peer, id));
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
