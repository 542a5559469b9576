using XmppChatClient.Session;

namespace XmppChatClient;

/// <summary>What becomes of a stanza that was sent. Any thread.</summary>
public sealed class SendReceipt
{
    private readonly Stanza? _stanza;
    private readonly Lock _gate = new();
    private TaskCompletionSource<SendState>? _settled;
    private SendState _state;
    private Delivery? _delivery;

    internal SendReceipt(Stanza stanza, DateTimeOffset sentAt = default, long number = 0)
    {
        _stanza = stanza;
        SentAt = sentAt;
        Number = number;
    }

    private SendReceipt() => _state = SendState.Unknown;

    /// <summary>What is known now.</summary>
    public SendState State
    {
        get
        {
            lock (_gate)
            {
                return _delivery is { IsDelivered: true } ? SendState.Delivered : _state;
            }
        }
    }

    /// <summary>Why it is lost, if it is.</summary>
    public XmppException? Error { get; private set; }

    /// <summary>For everything that nobody can say anything about.</summary>
    internal static SendReceipt Unaccounted { get; } = new();

    internal DateTimeOffset SentAt { get; }

    /// <summary>Its name in the store; 0 when it is not stored.</summary>
    internal long Number { get; }

    internal Stanza Stanza => _stanza ?? throw new InvalidOperationException("This receipt is for nothing in particular.");

    /// <summary>Waits for what becomes of it. The server is asked now and then, not for each stanza, so this takes
    /// <see cref="StreamManagementOptions.RequestAfter"/> and the way there and back; while the connection is lost it takes as
    /// long as that.</summary>
    /// <returns>What the server says: <see cref="SendState.Acknowledged"/>, <see cref="SendState.Lost"/> or
    /// <see cref="SendState.Unknown"/>.</returns>
    public Task<SendState> SettledAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state != SendState.Sent)
            {
                return Task.FromResult(_state);
            }

            _settled ??= new TaskCompletionSource<SendState>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until a client of the receiver says that it has the message, which must have asked for that (XEP-0184). Give
    /// it a token that ends the wait: many clients never say so, and that none does is no reason to send the message again. The
    /// wait outlasts a lost session, if the message does. Of 10,000 messages that no client has confirmed the oldest is given up
    /// for the next one.</summary>
    /// <exception cref="XmppStanzaException">The message came back with an error.</exception>
    /// <exception cref="XmppException">It was lost (<see cref="SendState.Lost"/>), or is given up.</exception>
    /// <exception cref="InvalidOperationException">It asked for no receipt, or no module knows of receipts.</exception>
    public async Task DeliveredAsync(CancellationToken cancellationToken = default)
    {
        var delivery = _delivery ?? throw new InvalidOperationException("The message asked for no receipt.");
        await delivery.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Learns of a receipt, for a message that asked for one.</summary>
    internal SendReceipt With(Delivery delivery)
    {
        var receipt = this == Unaccounted ? new SendReceipt() : this;
        lock (receipt._gate)
        {
            receipt._delivery = delivery;
            if (receipt._state == SendState.Lost)
            {
                delivery.Fail(receipt.Error!);
            }
        }

        return receipt;
    }

    internal void Acknowledge() => Settle(SendState.Acknowledged, null);

    /// <summary>Nothing more will be known of it.</summary>
    internal void GiveUp() => Settle(SendState.Unknown, null);

    internal void Lose(XmppException error) => Settle(SendState.Lost, error);

    private void Settle(SendState state, XmppException? error)
    {
        lock (_gate)
        {
            if (_state == SendState.Sent)
            {
                (_state, Error) = (state, error);
                _settled?.TrySetResult(state);
                if (error is not null)
                {
                    _delivery?.Fail(error);
                }

                if (state == SendState.Lost && _stanza is Message)
                {
                    Telemetry.MessagesLost.Add(1);
                }
            }
        }
    }
}
