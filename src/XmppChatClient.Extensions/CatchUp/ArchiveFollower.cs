using System.Diagnostics.CodeAnalysis;
using XmppChatClient.Archive;
using XmppChatClient.Delay;
using XmppChatClient.Receipts;
using XmppChatClient.StanzaIds;
using XmppChatClient.Xml;

namespace XmppChatClient.CatchUp;

/// <summary>Follows one archive: knows which of its messages was the last to be received, and hands out what was missed since
/// before what comes live. Where the client has a store, a later process goes on from there. Any thread.</summary>
/// <param name="client">Whose messages these are; <see langword="null"/> while there is none.</param>
/// <param name="room">Whose archive; <see langword="null"/> for that of our account.</param>
internal sealed class ArchiveFollower(Func<XmppClient?> client, Jid? room)
{
    private const int MostIds = 2_000;
    private const int MostWaiting = 1_000;
    private const int MostRounds = 10;

    // Clocks differ, and the one of the archive is the server's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    // No archive forgets sooner.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private ArchivePlace? _position;
    private bool _isPositionRead;

    // What was read to the end of the archive while something waited that was not in it: an archive may take in later what came
    // earlier, and then it is before this.
    private ArchivePlace? _end;

    // The last that came as a copy while we were behind, and was not read yet.
    private ArchivePlace? _copied;

    // When the first session, or our being in the room, began that was to find the position.
    private DateTimeOffset? _since;
    private FollowState _state;
    private Task _running = Task.CompletedTask;

    // Of what went on to the client, in whichever session, live or out of the archive: it is not to do so again.
    private RecentIds? _seen;

    // What came live while we were behind: its place is among or behind what the archive has.
    private List<WaitingMessage>? _waiting;
    private bool _hasDropped;
    private bool _hasBegunAnew;

    /// <summary>The last message of the archive that was received; <see langword="null"/> when there is no knowing.</summary>
    public ArchivePlace? Position
    {
        get
        {
            lock (_gate)
            {
                return Known();
            }
        }

        set
        {
            lock (_gate)
            {
                Move(value);
            }
        }
    }

    /// <summary>Whether there is something to do for <see cref="CatchUpAsync"/>.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _state is FollowState.Finding or FollowState.Behind;
            }
        }
    }

    private XmppClient Client => client() ?? throw new InvalidOperationException("This module belongs to no client yet.");

    // Whether there is anything to go on from.
    private bool HasBegun => Known() is not null || Since() is not null;

    private string Note => NoteOf(Owner);

    private string SinceNote => $"catch-up-since:{Owner}";

    /// <summary>Whose archive this is.</summary>
    public Jid Owner => room ?? Client.Jid.Bare;

    /// <summary>Whether an earlier process has left its place in that archive.</summary>
    public static bool IsNoted(XmppClient client, Jid archive) => client.FindNote(NoteOf(archive)) is not null;

    /// <summary>A session has begun, or we have entered the room: something may have been missed. Before anything comes that
    /// is newer.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            // What a session was to bring that was lost before it had found its place is only in the archive.
            _state = HasBegun ? FollowState.Behind : FollowState.Finding;
            if (Since() is null && (room is null || Known() is null))
            {
                _since = Client.TimeProvider.GetUtcNow();
                Client.SetNote(SinceNote, PlaceNote.Write(new ArchivePlace("", _since.Value)));
            }

            _hasBegunAnew = true;
        }
    }

    /// <summary>The session is lost. What waits is in the archive, for the next one.</summary>
    public void End()
    {
        lock (_gate)
        {
            (_state, _waiting, _end, _copied) = (FollowState.Before, null, null, null);
        }
    }

    /// <summary>Hands out what was missed. Once more while it runs, it does so when that has ended.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _running = CatchUpAfterAsync(_running, cancellationToken);
        }
    }

    /// <summary>A message comes live.</summary>
    /// <param name="id">Its id in this archive.</param>
    /// <returns>Whether it is not to go on: it is handed out later, or was already.</returns>
    public bool Take(Message message, string id)
    {
        lock (_gate)
        {
            // A server may keep a message for who is offline, beside the archive.
            if (IsSeen(id))
            {
                return true;
            }

            if (_state == FollowState.Behind || (_state == FollowState.Before && room is null && HasBegun))
            {
                // What finds no room is found in the archive, and so is what comes behind it.
                _hasDropped |= _waiting?.Count >= MostWaiting;
                if (!_hasDropped)
                {
                    (_waiting ??= []).Add(new WaitingMessage(id, message, IsHistory(message)));
                }

                return true;
            }

            NoteLive(id, _state);
            return false;
        }
    }

    /// <summary>A copy comes of a message that is in this archive: it is not to come out of there as well.</summary>
    /// <returns>Whether it has already.</returns>
    public bool TakeCopy(string id)
    {
        lock (_gate)
        {
            if (IsSeen(id))
            {
                return true;
            }

            NoteLive(id, _state);
            _copied = _state == FollowState.Behind ? new ArchivePlace(id, Client.TimeProvider.GetUtcNow()) : null;
            return false;
        }
    }

    /// <summary>A message comes live and does not say which of the archive's it is, or that it is in there: ejabberd 23.01 keeps
    /// what is said in some rooms and does not say so.</summary>
    public void TakeUnnamed(Message message)
    {
        if (message.Body is not null && SenderKey(message) is { } key)
        {
            lock (_gate)
            {
                See(key);
            }
        }
    }

    private static string? SenderKey(Message message) =>
        message is { From: { } from, Id: { } id } ? $"{from} {id}" : null;

    private static string NoteOf(Jid archive) => $"catch-up:{archive}";

    private async Task CatchUpAfterAsync(Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        cancellationToken.ThrowIfCancellationRequested();
        await FindEndAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_state == FollowState.Finding)
            {
                _state = FollowState.UpToDate;
            }
        }

        for (var rounds = 1; TryBeginRound(out var older); rounds++)
        {
            try
            {
                await ReadOnAsync(cancellationToken).ConfigureAwait(false);
                await HandOutAsync(older, cancellationToken).ConfigureAwait(false);
            }
            catch (XmppException e) when (e is not (XmppSessionLostException or XmppConnectionException))
            {
                await GoOnLiveAsync(FollowState.GivenUp, cancellationToken).ConfigureAwait(false);
                throw;
            }

            if (IsDone())
            {
                return;
            }

            if (rounds >= MostRounds)
            {
                await GoOnLiveAsync(FollowState.UpToDate, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Makes the end of the archive the position, if that is not known.
    private async Task FindEndAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_state != FollowState.Finding)
            {
                return;
            }
        }

        var query = new ArchiveQuery { Archive = room, NewestFirst = true, PageSize = 1 };
        try
        {
            var last = await Client.Get<ArchiveModule>().ReadPageAsync(query, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                // What came meanwhile is newer.
                if (Known() is null)
                {
                    Move(new ArchivePlace(last.Next ?? "", Client.TimeProvider.GetUtcNow()));
                }
            }
        }
        catch (XmppException e) when (e is not (XmppSessionLostException or XmppConnectionException))
        {
            lock (_gate)
            {
                if (_state == FollowState.Finding)
                {
                    _state = FollowState.Off;
                    Move(null);
                }
            }

            throw;
        }
    }

    private async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        var position = Position;
        var query = new ArchiveQuery
        {
            Archive = room,
            Position = position is { Id.Length: > 0 } ? position.Id : null,
            Start = position is null ? _since - Margin : null,
        };
        try
        {
            if (await HandOutAsync(query, cancellationToken).ConfigureAwait(false)
                || position is null || !await IsGoneAsync(position, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (ArchiveIdGoneException)
        {
        }

        await HandOutAsync(
            new ArchiveQuery { Archive = room, Start = position?.At - Margin }, cancellationToken).ConfigureAwait(false);
    }

    // Prosody 13 finds nothing behind an id that it has no longer, instead of saying so (XEP-0059 §2.2). What is young is still there.
    private async Task<bool> IsGoneAsync(ArchivePlace position, CancellationToken cancellationToken)
    {
        if (position.Id.Length == 0 || position.At > Client.TimeProvider.GetUtcNow() - ShortestLife)
        {
            return false;
        }

        var newest = new ArchiveQuery { Archive = room, NewestFirst = true, PageSize = 1 };
        var page = await Client.Get<ArchiveModule>().ReadPageAsync(newest, cancellationToken).ConfigureAwait(false);
        return page.Messages is [var last, ..] && last.Id != position.Id && last.At > position.At - Margin;
    }

    // Whether there was anything.
    private async Task<bool> HandOutAsync(ArchiveQuery query, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var page in Client.Get<ArchiveModule>().ReadPagesAsync(query, cancellationToken).ConfigureAwait(false))
        {
            found |= page.Next is not null || page.Messages.Length > 0;
            foreach (var archived in page.Messages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (IsMissing(archived, out var isWanted) && isWanted)
                {
                    await HandOutAsync(Delayed(archived), cancellationToken).ConfigureAwait(false);
                    lock (_gate)
                    {
                        See(archived.Id);
                    }
                }

                // Not before: what a lost connection keeps from being handed out is still missing.
                if (!TryPass(archived, page.IsComplete || page.Next is null))
                {
                    return true;
                }
            }
        }

        return found;
    }

    private ValueTask HandOutAsync(Message message, CancellationToken cancellationToken) =>
        Client.Find<ReceiptsModule>()?.Take(message) == true
            ? ValueTask.CompletedTask : Client.HandOutAsync(message, cancellationToken);

    // What our own account has sent, from here or elsewhere, was not missed; in a room it is part of what is said there.
    private bool IsToUs(Message message) => room is not null
        ? message.Type == MessageType.Groupchat
        : message is { From: { } from, Type: not MessageType.Groupchat } && from.Bare != Client.Jid.Bare;

    private bool IsMissing(ArchivedMessage archived, out bool isWanted)
    {
        isWanted = IsToUs(archived.Message);
        lock (_gate)
        {
            return _state == FollowState.Behind && !IsSeen(archived.Id)
                && (SenderKey(archived.Message) is not { } key || !IsSeen(key))
                && !OtherIds(archived).Any(IsSeen);
        }
    }

    // ejabberd 24.12 gives some messages of rooms one id when they come and another in the archive, and there both. In other archives
    // anybody may have written the second: it is good for passing over what has it, and for nothing else.
    private IEnumerable<string> OtherIds(ArchivedMessage archived) => room is null ? [] : archived.Message.Payloads
        .Select(p => p is XmppElement element && element.Name == StanzaId.Name ? StanzaId.Read(element) : p as StanzaId)
        .Where(id => id?.By == room)
        .Select(id => id!.Id);

    private bool TryPass(ArchivedMessage archived, bool isLastPage)
    {
        lock (_gate)
        {
            if (_state != FollowState.Behind)
            {
                return false;
            }

            _waiting?.RemoveAll(w => w.Id == archived.Id
                || (SenderKey(w.Message) is { } key && key == SenderKey(archived.Message) && OtherIds(archived).Contains(w.Id)));
            _copied = _copied?.Id == archived.Id ? null : _copied;
            var place = new ArchivePlace(archived.Id, archived.At ?? Client.TimeProvider.GetUtcNow());
            if (isLastPage && (_end is not null || _waiting is { Count: > 0 }))
            {
                _end = place;
            }
            else
            {
                Move(place);
            }

            return true;
        }
    }

    // Whoever wrote that there is a delay or an archive's id in the message: this is what the archive says.
    private Message Delayed(ArchivedMessage archived)
    {
        var payloads = archived.Message.Payloads.RemoveAll(
            p => p is XmppElement element && (element.Name == DelayedDelivery.Name || element.Name == StanzaId.Name));
        return archived.Message with
        {
            // A room's archive does not say to whom: it said it to all.
            To = archived.Message.To ?? Client.Jid,
            Payloads = payloads
                .Add(new StanzaId(archived.Id, Owner))
                .Add(new DelayedDelivery(archived.At ?? Client.TimeProvider.GetUtcNow(), Owner)),
        };
    }

    private bool TryBeginRound(out HashSet<string> older)
    {
        lock (_gate)
        {
            older = [.. (_waiting ?? []).Select(w => w.Id)];
            (_hasDropped, _hasBegunAnew) = (false, false);
            return _state == FollowState.Behind;
        }
    }

    // What was there before the archive was asked, and was not in the answer: the archive does not have it yet, or it waited at the
    // server for whoever comes first. Our place in the archive is not for it to change.
    private async Task HandOutAsync(HashSet<string> older, CancellationToken cancellationToken)
    {
        while (TryPeekWaiting(older, out var next))
        {
            await HandOutAsync(next.Message, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _waiting?.RemoveAll(w => w.Id == next.Id);
                See(next.Id);
            }
        }
    }

    private bool TryPeekWaiting(HashSet<string> older, out WaitingMessage next)
    {
        lock (_gate)
        {
            next = _state == FollowState.Behind && _waiting is not null
                ? _waiting.Find(w => !w.IsHistory && older.Contains(w.Id) && !IsSeen(w.Id)) : default;
            return next.Message is not null;
        }
    }

    // What a room sends of its history the archive had before we came. What came while it was asked is looked for once more.
    private bool IsDone()
    {
        lock (_gate)
        {
            if (_state != FollowState.Behind)
            {
                return true;
            }

            _waiting?.RemoveAll(w => w.IsHistory || IsSeen(w.Id));
            if (_waiting is { Count: > 0 } || _hasDropped || _hasBegunAnew)
            {
                return false;
            }

            (_state, _waiting) = (FollowState.UpToDate, null);
            MoveToEnd();
            return true;
        }
    }

    // Messages come faster than the archive is read, or it cannot be read.
    private async Task GoOnLiveAsync(FollowState next, CancellationToken cancellationToken)
    {
        while (TryPeekWaiting(next, out var message))
        {
            await HandOutAsync(message, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                if (_state == FollowState.Behind && _waiting is [var first, ..])
                {
                    _waiting.RemoveAt(0);
                    NoteLive(first.Id, next);
                }
            }
        }
    }

    private bool TryPeekWaiting(FollowState next, [NotNullWhen(true)] out Message? message)
    {
        lock (_gate)
        {
            message = _state == FollowState.Behind && _waiting is [var first, ..] ? first.Message : null;
            if (message is null && _state == FollowState.Behind && (next == FollowState.GivenUp || !_hasDropped))
            {
                (_state, _waiting) = (next, null);
                MoveToEnd();
            }

            return message is not null;
        }
    }

    private void NoteLive(string id, FollowState state)
    {
        See(id);
        if (state is FollowState.Finding or FollowState.UpToDate)
        {
            Move(new ArchivePlace(id, Client.TimeProvider.GetUtcNow()));
        }
    }

    private void See(string id) => (_seen ??= new RecentIds(MostIds)).Add(id);

    private bool IsSeen(string id) => _seen?.Contains(id) == true;

    private bool IsHistory(Message message) => room is not null && message.Get<DelayedDelivery>()?.From == room;

    // Whatever changes the position does it here.
    private void Move(ArchivePlace? place)
    {
        (_position, _isPositionRead, _end) = (place, true, null);
        client()?.SetNote(Note, place is null ? null : PlaceNote.Write(place));
        if (room is not null && Since() is not null)
        {
            // Only good for as long as it takes to find a place, or that there is none.
            client()?.SetNote(SinceNote, null);
            _since = null;
        }
    }

    // An earlier process may have begun and found no place.
    private DateTimeOffset? Since() => _since ??= PlaceNote.Read(client()?.FindNote(SinceNote))?.At;

    private void MoveToEnd()
    {
        if (_end is { } end)
        {
            Move(end);
        }

        // Nothing waits, so nothing lies between.
        if (_copied is { } copied && _state == FollowState.UpToDate)
        {
            Move(copied);
        }

        _copied = null;
    }

    // An earlier process may have left it.
    private ArchivePlace? Known()
    {
        if (!_isPositionRead && client() is { } owner)
        {
            _position = PlaceNote.Read(owner.FindNote(Note));
            _isPositionRead = _position is not null;
        }

        return _position;
    }
}
