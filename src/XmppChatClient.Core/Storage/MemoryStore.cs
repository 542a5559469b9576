namespace XmppChatClient.Storage;

/// <summary>A store that lasts as long as this object: for tests, and for clients that follow one another in a process.</summary>
public sealed class MemoryStore : IXmppStore
{
    private const int Window = 10_000;
    private const int TrimEvery = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, StoredMessage> _messages = [];
    private readonly SortedDictionary<long, StoredArrival> _arrivals = [];
    private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);
    private StoredSession? _session;
    private Jid? _account;
    private bool _isOpen;

    /// <inheritdoc />
    public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        lock (_gate)
        {
            if (_isOpen)
            {
                throw new XmppStoreException("The store in memory is in use by another client.");
            }

            if (_account is not null && _account != account.Bare)
            {
                throw new XmppStoreException($"The store in memory belongs to {_account}, not to {account.Bare}.");
            }

            (_account, _isOpen) = (account.Bare, true);
            return new(new StoredState
            {
                Session = _session,
                Messages = [.. _messages.Values],
                Arrivals = [.. _arrivals.Values],
                Notes = new Dictionary<string, string>(_notes, StringComparer.Ordinal),
            });
        }
    }

    /// <inheritdoc />
    public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Make(change);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask CloseAsync()
    {
        lock (_gate)
        {
            _isOpen = false;
        }

        return ValueTask.CompletedTask;
    }

    private void Make(StoreChange change)
    {
        switch (change)
        {
            case MessageQueued { Message: var message }:
                _messages[message.Number] = message;
                break;
            case MessagePlaced placed when _messages.TryGetValue(placed.Number, out var message):
                _messages[placed.Number] = message with { Position = placed.Position, MayHaveArrived = placed.MayHaveArrived };
                break;
            case MessageSettled settled:
                _messages.Remove(settled.Number);
                break;
            case SessionSaved { Session: var session }:
                _session = session;
                break;
            case SessionForgotten:
                Forget();
                break;
            case StanzasHandled { Count: var count }:
                _session = _session is null ? null : _session with { Handled = count };
                break;
            case MessageTaken { Arrival: var arrival }:
                _arrivals[arrival.Number] = arrival;
                break;
            case MessageHandled handled when _arrivals.TryGetValue(handled.Number, out var arrival):
                _arrivals[handled.Number] = arrival with { Xml = null };
                Trim(handled.Number);
                break;
            case NoteSet { Value: null } note:
                _notes.Remove(note.Name);
                break;
            case NoteSet { Value: { } value } note:
                _notes[note.Name] = value;
                break;
        }
    }

    private void Forget()
    {
        _session = null;
        foreach (var message in _messages.Values.Where(m => m.Position is not null).ToArray())
        {
            _messages[message.Number] = message with { Position = null, MayHaveArrived = true };
        }
    }

    private void Trim(long number)
    {
        if (number % TrimEvery == 0)
        {
            foreach (var old in _arrivals.Values.Where(a => a.Xml is null && a.Number <= number - Window).ToArray())
            {
                _arrivals.Remove(old.Number);
            }
        }
    }
}
