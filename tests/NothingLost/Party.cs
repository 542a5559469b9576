using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.NothingLost;

/// <summary>One end of a conversation: a client that sends numbered messages, keeps what is said of them, and writes down the
/// numbers that come.</summary>
public sealed class Party : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly XmppClient _client;
    private readonly List<(int Number, SendReceipt Receipt)> _sent = [];
    private readonly List<int> _received = [];
    private readonly Dictionary<int, TaskCompletionSource> _arrivals = [];
    private readonly Dictionary<int, TaskCompletionSource> _returns = [];
    private readonly Task _reading;
    private int _last;

    private Party(XmppClient client)
    {
        _client = client;
        _reading = ReadAsync();
    }

    /// <summary>Where others write to: whichever session there is.</summary>
    public Jid Address => _client.Jid.Bare;

    /// <summary>Sessions that began, the first one included.</summary>
    public Tally Sessions { get; } = new();

    /// <summary>Sessions that went on over another connection.</summary>
    public Tally Resumptions { get; } = new();

    /// <summary>Connections that ended, or could not be made.</summary>
    public Tally Ends { get; } = new();

    /// <summary>Everything that was sent, in order.</summary>
    public IReadOnlyList<(int Number, SendReceipt Receipt)> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>The numbers that came, in order.</summary>
    public IReadOnlyList<int> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>Goes online. The server has taken its presence by then: what is written to it comes to it, and not between the
    /// messages that waited for its coming and the end of that wait.</summary>
    public static async Task<Party> ConnectAsync(XmppClientOptions options, CancellationToken cancellationToken)
    {
        var party = new Party(new XmppClient(options));
        await party._client.ConnectAsync(cancellationToken);
        await party.Sessions.ReachedAsync(1, cancellationToken);
        await party.PresentAsync(cancellationToken);
        return party;
    }

    /// <summary>Ends when the server has taken the presence of a session that has begun, whichever it is by then.</summary>
    public async Task PresentAsync(CancellationToken cancellationToken)
    {
        var ping = new Iq(IqType.Get, new XmppElement(new XmlName("urn:xmpp:ping", "ping"))) { To = Jid.Parse(Address.Domain) };
        while (true)
        {
            var begun = Sessions.Count;
            try
            {
                await _client.RequestAsync(ping, cancellationToken: cancellationToken);
                return;
            }
            catch (Exception e) when (e is XmppConnectionException or XmppSessionLostException)
            {
                await Sessions.ReachedAsync(begun + 1, cancellationToken);
            }
        }
    }

    /// <summary>Sends the next messages. What is refused because there is no session is sent in the next one.</summary>
    public async Task SendAsync(Jid to, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            var number = Interlocked.Increment(ref _last);
            var message = new Message
            {
                To = to,
                Type = MessageType.Chat,
                Id = Id(number),
                Body = number.ToString(CultureInfo.InvariantCulture),
            };
            var receipt = await SendAsync(message, cancellationToken);
            lock (_gate)
            {
                _sent.Add((number, receipt));
            }
        }
    }

    /// <summary>Ends when that number has come.</summary>
    public Task ArrivedAsync(int number) => Signal(_arrivals, number).Task;

    /// <summary>Ends when a message of ours came back with an error.</summary>
    public Task ReturnedAsync(int number) => Signal(_returns, number).Task;

    /// <summary>Forgets what was sent and what came. What comes once more after that is seen, as nobody sent it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _sent.Clear();
            _received.Clear();
            _arrivals.Clear();
            _returns.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _reading;
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"number-{number}");

    private async Task<SendReceipt> SendAsync(Message message, CancellationToken cancellationToken)
    {
        while (true)
        {
            var begun = Sessions.Count;
            try
            {
                return await _client.SendAsync(message, cancellationToken);
            }
            catch (XmppConnectionException)
            {
                await Sessions.ReachedAsync(begun + 1, cancellationToken);
            }
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var next in _client.ReadEventsAsync())
        {
            switch (next)
            {
                case SessionStarted { Resumed: true }:
                    Resumptions.Add(1);
                    break;
                case SessionStarted:
                    Sessions.Add(1);
                    break;
                case SessionEnded:
                    Ends.Add(1);
                    break;
                case MessageReceived { Message: { Type: MessageType.Error, Id: { } id } }:
                    Signal(_returns, int.Parse(id.AsSpan("number-".Length), CultureInfo.InvariantCulture)).TrySetResult();
                    break;
                case MessageReceived { Message.Body: { } body }:
                    Take(int.Parse(body, CultureInfo.InvariantCulture));
                    break;
            }

            next.MarkHandled();
        }
    }

    private void Take(int number)
    {
        lock (_gate)
        {
            _received.Add(number);
        }

        Signal(_arrivals, number).TrySetResult();
    }

    private TaskCompletionSource Signal(Dictionary<int, TaskCompletionSource> signals, int number)
    {
        lock (_gate)
        {
            if (!signals.TryGetValue(number, out var signal))
            {
                signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                signals.Add(number, signal);
            }

            return signal;
        }
    }
}
