using XmppChatClient.Xml;

namespace XmppChatClient.TestSupport;

/// <summary>A client that enters a room in each of its sessions, and keeps what is said there.</summary>
internal sealed class RoomVisitor : IAsyncDisposable
{
    private const string Muc = "http://jabber.org/protocol/muc";

    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Jid _occupant;
    private readonly int? _history;
    private readonly List<Message> _said = [];
    private readonly List<(Func<RoomVisitor, bool> Condition, TaskCompletionSource Signal)> _waits = [];
    private readonly Task _reading;

    private RoomVisitor(XmppClientOptions options, Jid occupant, int? history)
    {
        (_occupant, _history) = (occupant, history);
        Client = new XmppClient(options);
        _reading = ReadAsync();
    }

    public XmppClient Client { get; }

    /// <summary>Its address in the room.</summary>
    public Jid Occupant => _occupant;

    /// <summary>How often the room has shown us our own presence.</summary>
    public int Entries { get; private set; }

    /// <summary>What has a body, in order.</summary>
    public IReadOnlyList<Message> Said
    {
        get
        {
            lock (_gate)
            {
                return [.. _said];
            }
        }
    }

    public IReadOnlyList<string> Bodies => [.. Said.Select(m => m.Body!)];

    /// <summary>Connects, and waits until it is in the room.</summary>
    /// <param name="occupant">The room, and the nickname there.</param>
    /// <param name="history">How many earlier messages the room may send. Default as many as it likes.</param>
    public static async Task<RoomVisitor> EnterAsync(
        XmppClientOptions options, Jid occupant, CancellationToken cancellationToken, int? history = null)
    {
        var visitor = new RoomVisitor(options, occupant, history);
        await visitor.Client.ConnectAsync(cancellationToken);
        await visitor.EnteredAsync(1);
        return visitor;
    }

    public async Task SayAsync(string body, CancellationToken cancellationToken)
    {
        await Client.SendAsync(new Message { To = _occupant.Bare, Type = MessageType.Groupchat, Body = body }, cancellationToken);
        await HeardAsync(body);
    }

    public Task EnteredAsync(int times) => WaitAsync(v => v.Entries >= times);

    public Task HeardAsync(string body) => WaitAsync(v => v._said.Exists(m => m.Body == body));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    private async Task WaitAsync(Func<RoomVisitor, bool> condition)
    {
        Task signal;
        lock (_gate)
        {
            if (condition(this))
            {
                return;
            }

            var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((condition, wait));
            signal = wait.Task;
        }

        try
        {
            await signal.WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Entered {Entries} times, and heard {string.Join(", ", Bodies)}.", e);
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var next in Client.ReadEventsAsync())
        {
            if (next is SessionStarted { Resumed: false })
            {
                var entry = XmppElement.Parse(_history is { } most ? $"<x xmlns='{Muc}'><history maxstanzas='{most}'/></x>" : $"<x xmlns='{Muc}'/>");
                Client.Post(new Presence { To = _occupant, Payloads = [entry] });
            }

            lock (_gate)
            {
                if (next is PresenceReceived { Presence: { Type: PresenceType.Available } presence } && presence.From == _occupant)
                {
                    Entries++;
                }
                else if (next is MessageReceived { Message: { Type: MessageType.Groupchat, Body: not null } message })
                {
                    _said.Add(message);
                }

                foreach (var (_, signal) in _waits.Where(w => w.Condition(this)))
                {
                    signal.TrySetResult();
                }
            }

            next.MarkHandled();
        }
    }
}
