using Microsoft.Extensions.Logging;
using XmppChatClient.Archive;
using XmppChatClient.Carbons;
using XmppChatClient.Modules;
using XmppChatClient.Rooms;
using XmppChatClient.StanzaIds;

namespace XmppChatClient.CatchUp;

/// <summary>Hands out messages that came to our account while this client had no session, and what was said meanwhile in rooms
/// that it enters again, out of their archives (XEP-0313): in order, each once, marked as delayed (XEP-0203), and before those
/// that come live. After a lost session it also looks there for what we sent and was never acknowledged, so that none is sent
/// twice. Needs an <see cref="ArchiveModule"/>; not one of the standard modules.</summary>
public sealed partial class CatchUpModule : IXmppModule
{
    private const int MostRooms = 10_000;

    private readonly Lock _gate = new();
    private readonly ArchiveFollower _account;
    private readonly Dictionary<Jid, ArchiveFollower> _rooms = [];

    // Rooms that we have asked to let us in, and as whom: nobody else's word makes us ask an archive.
    private readonly Dictionary<Jid, Jid> _entered = [];
    private XmppClient? _client;
    private ILogger? _logger;
    private CancellationToken _connection = new(canceled: true);

    public CatchUpModule() => _account = new ArchiveFollower(() => _client, room: null);

    /// <summary>The last message of our account's archive that was received; its id is empty when there was none. A client
    /// with a <see cref="XmppClientOptions.Store"/> keeps it; without one keep it yourself, and set it before connecting, to go on
    /// where an earlier process has ended. Default <see langword="null"/>: the first session begins at the end of the archive.
    /// </summary>
    public ArchivePlace? Position
    {
        get => _account.Position;
        set => _account.Position = value;
    }

    /// <summary>The same for rooms, by their addresses: the last message of each that was received. A copy; what it is set to is
    /// added. A room that is not among them begins at the end of its archive when we enter it.</summary>
    public IReadOnlyDictionary<Jid, ArchivePlace> RoomPositions
    {
        get
        {
            lock (_gate)
            {
                return _rooms.Where(r => r.Value.Position is not null).ToDictionary(r => r.Key, r => r.Value.Position!);
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_gate)
            {
                foreach (var (room, position) in value)
                {
                    Room(room.Bare).Position = position;
                }
            }
        }
    }

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        _logger = module.Client.LoggerFactory.CreateLogger("XmppChatClient.CatchUp");
        module.OnMessage(Take).OnPresenceSending(NoteEntry).OnPresence(TakePresence)
            .OnOfflineMessages(() => Position is not null)
            .OnSessionStart(BeginAsync).OnCatchUp(CatchUpAsync).OnSessionEnd(End)
            .OnUnacknowledged((messages, token) => Client.Get<ArchiveModule>().FindArrivedAsync(messages, token));
    }

    // A client without a place in the archive asks for it after its first presence: ejabberd keeps what waits for whoever comes from
    // those who read archives.
    private ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _account.Begin();
        return ValueTask.CompletedTask;
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        ArchiveFollower[] rooms;
        lock (_gate)
        {
            _connection = cancellationToken;
            rooms = [.. _rooms.Values.Where(r => r.IsBehind)];
        }

        foreach (var room in rooms)
        {
            _ = CatchUpAsync(room, cancellationToken);
        }

        if (_account.IsBehind)
        {
            await _account.CatchUpAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _connection = new CancellationToken(canceled: true);
            _entered.Clear();
            _account.End();
            foreach (var room in _rooms.Values)
            {
                room.End();
            }
        }
    }

    private bool Take(Message message)
    {
        if (Carbon.Read(message, Client.Jid.Bare) is { } copy && Client.Find<CarbonsModule>() is not null)
        {
            return copy.Message.Type != MessageType.Groupchat
                && StanzaId.Trusted(copy.Message, Client.Jid) is { } its && _account.TakeCopy(its.Id);
        }

        if (StanzaId.Trusted(message, Client.Jid) is { } id)
        {
            return Archive(message)?.Take(message, id.Id) == true;
        }

        Archive(message)?.TakeUnnamed(message);
        return false;
    }

    private ArchiveFollower? Archive(Message message)
    {
        if (message.Type != MessageType.Groupchat)
        {
            return _account;
        }

        lock (_gate)
        {
            // What an earlier process was to hear comes before this one has entered.
            return message.From is not { } from ? null
                : _rooms.GetValueOrDefault(from.Bare) ?? (ArchiveFollower.IsNoted(Client, from.Bare) ? Room(from.Bare) : null);
        }
    }

    private Presence NoteEntry(Presence presence)
    {
        if (RoomPresence.IsEntry(presence))
        {
            lock (_gate)
            {
                if (_entered.Count < MostRooms)
                {
                    _entered[presence.To!.Bare] = presence.To;
                }
            }
        }

        return presence;
    }

    // XEP-0045 §7.2: our own presence comes behind that of the others, and before all that is said.
    private bool TakePresence(Presence presence)
    {
        ArchiveFollower room;
        CancellationToken connection;
        lock (_gate)
        {
            if (presence.From?.Bare is not { } jid
                || !(presence.Type == PresenceType.Error || (presence.Type == PresenceType.Available && RoomPresence.IsOwn(presence)))
                || !_entered.TryGetValue(jid, out var asked)

                // Who was refused may have asked for another name already.
                || (presence.Type == PresenceType.Error && !presence.From.IsBare && presence.From != asked)
                || !_entered.Remove(jid)
                || presence.Type == PresenceType.Error
                || (_rooms.Count >= MostRooms && !_rooms.ContainsKey(jid)))
            {
                return false;
            }

            room = Room(jid);
            room.Begin();
            connection = _connection;
        }

        _ = CatchUpAsync(room, connection);
        return false;
    }

    private ArchiveFollower Room(Jid jid)
    {
        if (!_rooms.TryGetValue(jid, out var room))
        {
            room = new ArchiveFollower(() => _client, jid);
            _rooms.Add(jid, room);
        }

        return room;
    }

    // A connection that is lost meanwhile is followed by another.
    private async Task CatchUpAsync(ArchiveFollower room, CancellationToken cancellationToken)
    {
        try
        {
            await room.CatchUpAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppSessionLostException or XmppConnectionException
            || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
        }
        catch (XmppStanzaException e) when (room.Position is null)
        {
            LogNoArchive(_logger!, room.Owner, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogRoomFailed(_logger!, room.Owner, e);
        }
    }

    [LoggerMessage(EventId = 81, Level = LogLevel.Warning, Message = "What was missed in the room {Room} could not be read")]
    private static partial void LogRoomFailed(ILogger logger, Jid room, Exception exception);

    [LoggerMessage(EventId = 82, Level = LogLevel.Debug, Message = "The room {Room} has no archive for us: {Reason}")]
    private static partial void LogNoArchive(ILogger logger, Jid room, string reason);
}
