using System.Diagnostics.CodeAnalysis;
using XmppChatClient.Archive;
using XmppChatClient.Delay;
using XmppChatClient.Modules;
using XmppChatClient.StanzaIds;
using XmppChatClient.Xml;

namespace XmppChatClient.CatchUp;

/// <summary>Hands out messages that came to our account while this client had no session, out of its archive (XEP-0313): in
/// order, each once, marked as delayed (XEP-0203), and before those that come live. After a lost session it also looks there for what
/// we sent and was never acknowledged, so that none is sent twice. Needs an <see cref="ArchiveModule"/>; not one of the standard
/// modules.</summary>
public sealed class CatchUpModule : IXmppModule
{
    private const int MostIds = 10_000;
    private const int MostWaiting = 1_000;
    private const int MostRounds = 10;

    // Clocks differ, and the one of the archive is the server's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private XmppClient? _client;
    private ArchivePlace? _position;
    private bool _knowsPosition;
    private State _state;

    // Archive ids: of what came live and is not to be handed out, and of what was handed out and must not come live.
    private HashSet<string>? _live;
    private HashSet<string>? _handedOut;

    // What came live while we were behind: its place is among or behind what the archive has.
    private List<(string Id, Message Message)>? _waiting;
    private bool _hasDropped;

    private enum State
    {
        /// <summary>Nothing is missing: what comes live is the newest.</summary>
        UpToDate,

        /// <summary>What the archive has since <see cref="Position"/> is still to come.</summary>
        Behind,

        /// <summary>So it is, and in this session nothing can be done about it.</summary>
        GivenUp,
    }

    /// <summary>The last message of the archive that was received; <see langword="null"/> when there was none. Keep it, and set
    /// it before connecting, to go on where an earlier process has ended; otherwise the first session begins at the end of the
    /// archive.</summary>
    public ArchivePlace? Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }

        set
        {
            lock (_gate)
            {
                (_position, _knowsPosition) = (value, value is not null);
            }
        }
    }

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.OnMessage(Note).OnSessionStart(FindPositionAsync).OnCatchUp(CatchUpAsync).OnSessionEnd(Forget)
            .OnUnacknowledged((messages, token) => Client.Get<ArchiveModule>().FindArrivedAsync(messages, token));
    }

    // Before the first presence. What comes between this and that neither comes live, nor later, from a server that leaves it to
    // whoever reads archives: so there is always something to catch up with.
    private async ValueTask FindPositionAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _state = _knowsPosition ? State.Behind : State.UpToDate;
            if (_knowsPosition)
            {
                return;
            }
        }

        var last = await Client.Get<ArchiveModule>()
            .ReadPageAsync(new ArchiveQuery { NewestFirst = true, PageSize = 1 }, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _position = last.Next is { } id ? new ArchivePlace(id, Client.TimeProvider.GetUtcNow()) : null;
            _knowsPosition = true;
            _state = State.Behind;
        }
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        for (var rounds = 1; IsBehind(out var waiting); rounds++)
        {
            try
            {
                await ReadOnAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (XmppException e) when (e is not (XmppSessionLostException or XmppConnectionException))
            {
                await GoOnLiveAsync(State.GivenUp, cancellationToken).ConfigureAwait(false);
                throw;
            }

            // What was there before the archive was asked for what is new, and was not in the answer, is older: an earlier
            // session has had it. What came since is looked for once more.
            if (!IsAnyLeft(waiting))
            {
                return;
            }

            if (rounds == MostRounds)
            {
                await GoOnLiveAsync(State.UpToDate, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        var position = Position;
        try
        {
            await HandOutAsync(new ArchiveQuery { Position = position?.Id }, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveIdGoneException)
        {
            await HandOutAsync(new ArchiveQuery { Start = position!.At - Margin }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task HandOutAsync(ArchiveQuery query, CancellationToken cancellationToken)
    {
        await foreach (var archived in Client.Get<ArchiveModule>().ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (IsToUs(archived.Message) && TryHandOut(archived.Id))
            {
                await Client.HandOutAsync(Delayed(archived), cancellationToken).ConfigureAwait(false);
            }

            Position = new ArchivePlace(archived.Id, archived.At ?? Client.TimeProvider.GetUtcNow());
        }
    }

    // What our own account has sent, from here or elsewhere, was not missed; rooms have archives of their own.
    private bool IsToUs(Message message) =>
        message is { From: { } from, Type: not MessageType.Groupchat } && from.Bare != Client.Jid.Bare;

    private bool TryHandOut(string id)
    {
        lock (_gate)
        {
            _waiting?.RemoveAll(w => w.Id == id);
            return _live?.Contains(id) != true && Remember(ref _handedOut, id);
        }
    }

    // Whoever wrote that there is a delay or an archive's id in the message: this is what the archive says.
    private Message Delayed(ArchivedMessage archived)
    {
        var self = Client.Jid.Bare;
        var payloads = archived.Message.Payloads.RemoveAll(
            p => p is XmppElement element && (element.Name == DelayedDelivery.Name || element.Name == StanzaId.Name));
        return archived.Message with
        {
            Payloads = payloads
                .Add(new StanzaId(archived.Id, self))
                .Add(new DelayedDelivery(archived.At ?? Client.TimeProvider.GetUtcNow(), self)),
        };
    }

    private bool IsBehind(out HashSet<string> waiting)
    {
        lock (_gate)
        {
            waiting = [.. (_waiting ?? []).Select(w => w.Id)];
            _hasDropped = false;
            return _state == State.Behind;
        }
    }

    private bool IsAnyLeft(HashSet<string> older)
    {
        lock (_gate)
        {
            _waiting?.RemoveAll(w => older.Contains(w.Id));
            if (_waiting is { Count: > 0 } || _hasDropped)
            {
                return true;
            }

            (_state, _live, _waiting) = (State.UpToDate, null, null);
            return false;
        }
    }

    // Messages come faster than the archive is read, or it cannot be read.
    private async Task GoOnLiveAsync(State state, CancellationToken cancellationToken)
    {
        while (TryTakeWaiting(state, out var message))
        {
            await Client.HandOutAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryTakeWaiting(State next, [NotNullWhen(true)] out Message? message)
    {
        lock (_gate)
        {
            (var id, message) = _waiting is [var first, ..] ? first : ("", null);
            if (message is null)
            {
                (_state, _waiting) = (next, null);
                return false;
            }

            _waiting!.RemoveAt(0);
            NoteLive(id, next);
            return true;
        }
    }

    private bool Note(Message message)
    {
        if (message.Type == MessageType.Groupchat || StanzaId.Trusted(message, Client.Jid) is not { } id)
        {
            return false;
        }

        lock (_gate)
        {
            // A server may keep a message for who is offline, beside the archive.
            if (_handedOut?.Contains(id.Id) == true)
            {
                return true;
            }

            if (_state == State.Behind)
            {
                // What finds no room is found in the archive.
                _hasDropped |= _waiting?.Count >= MostWaiting;
                if (!_hasDropped)
                {
                    (_waiting ??= []).Add((id.Id, message));
                }

                return true;
            }

            NoteLive(id.Id, _state);
            return false;
        }
    }

    private void NoteLive(string id, State state)
    {
        if (state == State.GivenUp)
        {
            Remember(ref _live, id);
        }
        else
        {
            _position = new ArchivePlace(id, Client.TimeProvider.GetUtcNow());
        }
    }

    private static bool Remember(ref HashSet<string>? ids, string id) =>
        (ids ??= new HashSet<string>(StringComparer.Ordinal)).Count >= MostIds || ids.Add(id);

    // What waits is in the archive, for the next session.
    private void Forget()
    {
        lock (_gate)
        {
            (_handedOut, _waiting) = (null, null);
        }
    }
}
