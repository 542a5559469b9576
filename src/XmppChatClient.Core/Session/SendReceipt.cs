using XmppChatClient.Session;

namespace XmppChatClient;

/// <summary>What becomes of a stanza that was sent. Any thread.</summary>
public sealed class SendReceipt
{
    private readonly Stanza? _stanza;
    private readonly Lock _gate = new();
    private TaskCompletionSource<SendState>? _settled;
    private SendState _state;

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
                return _state;
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
    /// <returns><see cref="SendState.Acknowledged"/>, <see cref="SendState.Lost"/> or <see cref="SendState.Unknown"/>.</returns>
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
                if (state == SendState.Lost && _stanza is Message)
                {
                    Telemetry.MessagesLost.Add(1);
                }
            }
        }
    }
}
