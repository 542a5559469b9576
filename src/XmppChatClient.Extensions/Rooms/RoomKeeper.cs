using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using XmppChatClient.Forms;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Rooms;

/// <summary>Enters rooms, and comes back to those that we want to be in: in each new session, and where a room had trouble or refuses
/// for now. Any thread. Knows of no room but those that we have asked ourselves to let us in.</summary>
internal sealed partial class RoomKeeper(XmppClient client, ILogger logger)
{
    private static readonly XmlName Owner = new(RoomEntry.Namespace + "#owner", "query");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<Jid, RoomStay> _stays = [];
    private readonly Dictionary<Jid, RoomWait> _waits = [];

    // Left before they had answered: that they let us in and out again is still to come.
    private readonly HashSet<Jid> _abandoned = [];
    private volatile ImmutableDictionary<Jid, Jid> _occupants = ImmutableDictionary<Jid, Jid>.Empty;
    private bool _isLive;

    public ImmutableDictionary<Jid, Jid> Occupants => _occupants;

    public IReadOnlyDictionary<Jid, RoomExit> Exits
    {
        get
        {
            lock (_gate)
            {
                return _stays.Values.Where(s => s.Exit is not null).ToDictionary(s => s.Room, s => s.Exit!);
            }
        }
    }

    /// <summary>Enters, once. Who is in is kept in.</summary>
    public async Task<Jid> JoinAsync(RoomStay stay, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var earlier = Replace(stay);
        try
        {
            return await EnterAsync(stay, isUsers: true, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Who could not take another name, or come in once more, is there as he was.
            Replace(_occupants.ContainsKey(stay.Room) ? earlier : null, stay);
            if (e is OperationCanceledException or XmppTimeoutException)
            {
                Abandon(stay.Occupant);
            }

            throw;
        }
    }

    /// <summary>Enters as soon as it can be done.</summary>
    public void Stay(RoomStay stay)
    {
        stay.IsKept = true;
        Replace(stay);
        Begin(stay, TimeSpan.Zero);
    }

    public async Task LeaveAsync(Jid room, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        RoomStay? stay;
        RoomWait? wait;
        lock (_gate)
        {
            if (_waits.TryGetValue(room, out wait) && !wait.IsEntry)
            {
                throw new InvalidOperationException($"{room} is being left already.");
            }

            _waits.Remove(room);
            _stays.Remove(room, out stay);
            stay?.Changed();
        }

        Cancel(stay?.Run);
        wait?.Answer.TrySetException(new InvalidOperationException($"{room} was left before it let us in."));
        if (!_occupants.TryGetValue(room, out var occupant))
        {
            if (wait is not null)
            {
                Abandon(wait.Occupant);
            }

            return;
        }

        try
        {
            var exit = ExitOf(occupant);
            await AskAsync(new RoomWait(exit, isEntry: false, isUsers: true), exit, timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                // Whatever the room says: we have told it that we go.
                _occupants = _occupants.GetValueOrDefault(room) == occupant ? _occupants.Remove(room) : _occupants;
            }
        }
    }

    /// <summary>Waits while a room that we want to be in is being entered in this session.</summary>
    /// <exception cref="RoomExitException">We do not come back to it.</exception>
    public async ValueTask ReadyAsync(Jid room, CancellationToken cancellationToken)
    {
        while (Change(room) is { } change)
        {
            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A session begins. The rooms are asked before anything is sent that the last session left: it is meant for those who
    /// are in.</summary>
    public ValueTask StartAsync()
    {
        RoomStay[] stays;
        lock (_gate)
        {
            _isLive = true;
            stays = [.. _stays.Values.Where(s => s is { IsKept: true, Exit: null })];
        }

        foreach (var stay in stays)
        {
            Begin(stay, TimeSpan.Zero);
        }

        return ValueTask.CompletedTask;
    }

    public void End()
    {
        RoomWait[] waits;
        RoomStay[] stays;
        lock (_gate)
        {
            (_isLive, waits, stays) = (false, [.. _waits.Values], [.. _stays.Values]);
            _waits.Clear();
            _abandoned.Clear();
            _occupants = _occupants.Clear();
            foreach (var stay in stays)
            {
                stay.Leave(client.LastReceived, client.TimeProvider);
                stay.Changed();
            }
        }

        foreach (var stay in stays)
        {
            Cancel(stay.Run);
        }

        foreach (var wait in waits)
        {
            wait.Answer.TrySetException(new XmppSessionLostException($"The session ended before {wait.Room} answered."));
        }
    }

    // Nobody but the room can write from an address in it; what it relays of others has no status 110.
    public bool Take(Presence presence)
    {
        if (presence.From is not { } from)
        {
            return false;
        }

        lock (_gate)
        {
            var wait = _waits.GetValueOrDefault(from.Bare);
            var stay = _stays.GetValueOrDefault(from.Bare);
            switch (presence.Type)
            {
                case PresenceType.Error when wait?.MayRefuse(presence) == true:
                    wait.Answer.TrySetException(new XmppStanzaException(presence.Error ?? StanzaErrors.ServiceUnavailable, from));
                    break;
                case PresenceType.Available when RoomPresence.IsOwn(presence) && (stay is { Exit: null } || _occupants.ContainsKey(from.Bare)):
                    _occupants = _occupants.SetItem(from.Bare, from);
                    stay?.Enter(client.TimeProvider.GetTimestamp());
                    stay?.Changed();
                    TakeAnswer(wait, isEntry: true, presence);
                    break;
                case PresenceType.Unavailable when _occupants.GetValueOrDefault(from.Bare) == from && RoomExit.Read(presence) is { } exit:
                    TakeAnswer(wait, isEntry: false, presence);
                    Out(from.Bare, stay, exit.Reason == RoomExitReason.Left && _abandoned.Remove(from.Bare)
                        ? new RoomExit(RoomExitReason.Failed, "an earlier attempt was answered late") : exit);
                    break;
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>A message that comes back because we are not in the room (XEP-0045 §7.4): it has not told us, or it did not arrive.</summary>
    public bool Take(Message message)
    {
        if (message is { Type: MessageType.Error, From: { IsBare: true } room, Error.Condition: StanzaErrorCondition.NotAcceptable })
        {
            lock (_gate)
            {
                if (_occupants.ContainsKey(room))
                {
                    Out(room, _stays.GetValueOrDefault(room), new RoomExit(RoomExitReason.Failed, "it does not know us any longer"));
                }
            }
        }

        return false;
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private static Presence ExitOf(Jid occupant) => new() { Id = NewId(), To = occupant, Type = PresenceType.Unavailable };

    private static void TakeAnswer(RoomWait? wait, bool isEntry, Presence presence)
    {
        if (wait?.IsEntry == isEntry)
        {
            wait.Answer.TrySetResult(presence);
        }
    }

    private static void Cancel(CancellationTokenSource? run) => _ = run?.CancelAsync();

    // Under the lock.
    private void Out(Jid room, RoomStay? stay, RoomExit exit)
    {
        _occupants = _occupants.Remove(room);
        if (stay is null)
        {
            return;
        }

        stay.Leave(client.TimeProvider.GetTimestamp(), client.TimeProvider);
        if (exit.IsForGood)
        {
            stay.Exit = exit;
            stay.Changed();

            // An entry that was answered late may have another behind it, which is not wanted any more.
            Cancel(stay.Run);
            LogOut(room, exit);
            return;
        }

        var delay = stay.NextDelay();
        LogComingBack(room, delay.TotalSeconds, exit);
        Begin(stay, delay);
    }

    private Task? Change(Jid room)
    {
        lock (_gate)
        {
            if (_occupants.ContainsKey(room) || !_stays.TryGetValue(room, out var stay))
            {
                return null;
            }

            if (stay.Exit is { } exit)
            {
                throw new RoomExitException(room, exit);
            }

            return _isLive
                ? (stay.Change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
        }
    }

    private RoomStay? Replace(RoomStay stay)
    {
        RoomStay? earlier;
        lock (_gate)
        {
            if (_waits.TryGetValue(stay.Room, out var wait) && wait.IsUsers)
            {
                throw new InvalidOperationException($"{stay.Room} is being entered or left already.");
            }

            _stays.TryGetValue(stay.Room, out earlier);
            _stays[stay.Room] = stay;
            stay.Change = earlier?.Change;
        }

        Cancel(earlier?.Run);
        return earlier;
    }

    private void Replace(RoomStay? earlier, RoomStay stay)
    {
        lock (_gate)
        {
            if (_stays.GetValueOrDefault(stay.Room) != stay)
            {
                return;
            }

            if (earlier is null)
            {
                _stays.Remove(stay.Room);
            }
            else
            {
                _stays[stay.Room] = earlier;
            }

            stay.Changed();
        }
    }

    private void Abandon(Jid occupant)
    {
        lock (_gate)
        {
            if (_isLive)
            {
                _abandoned.Add(occupant.Bare);
            }
        }

        client.Post(ExitOf(occupant));
    }

    private void Begin(RoomStay stay, TimeSpan delay)
    {
        CancellationTokenSource? earlier;
        CancellationTokenSource run = new();
        lock (_gate)
        {
            (earlier, stay.Run) = (stay.Run, run);
        }

        Cancel(earlier);
        _ = RunAsync(stay, delay, run.Token);
    }

    private async Task RunAsync(RoomStay stay, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            for (TimeSpan? next = delay; next is { } wait; next = await TryEnterAsync(stay, cancellationToken).ConfigureAwait(false))
            {
                // At the start of a session there is none: what is sent next is to come behind.
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, client.TimeProvider, cancellationToken).ConfigureAwait(false);
                }

                if (_occupants.ContainsKey(stay.Room))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is XmppException or OperationCanceledException or InvalidOperationException)
        {
            // The session is lost, and the next one begins anew; or somebody else sees to this room now.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(stay.Room, e);
        }
    }

    // How long to wait before trying again; null when that is not to be.
    private async Task<TimeSpan?> TryEnterAsync(RoomStay stay, CancellationToken cancellationToken)
    {
        try
        {
            await EnterAsync(stay, isUsers: false, timeout: null, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is XmppStanzaException or XmppTimeoutException)
        {
            TimeSpan delay;
            lock (_gate)
            {
                var condition = (e as XmppStanzaException)?.Error.Condition;
                if (condition == StanzaErrorCondition.Forbidden)
                {
                    Out(stay.Room, stay, new RoomExit(RoomExitReason.Banned, e.Message));
                    return null;
                }

                if (condition == StanzaErrorCondition.Conflict && stay.TryNextName())
                {
                    return TimeSpan.Zero;
                }

                delay = stay.NextDelay();
            }

            LogRefused(stay.Room, delay.TotalSeconds, e.Message);
            return delay;
        }
    }

    private async Task<Jid> EnterAsync(RoomStay stay, bool isUsers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var entry = stay.Entry(NewId(), client.TimeProvider);
        var self = await AskAsync(new RoomWait(entry, isEntry: true, isUsers), entry, timeout, cancellationToken).ConfigureAwait(false);
        if (RoomPresence.HasStatus(self, "201"))
        {
            // Who takes the module's place must not end that, and us with it.
            await OpenAsync(self.From!, timeout, isUsers ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
        }

        LogEntered(stay.Room, self.From!.Resource);
        return self.From;
    }

    private async Task OpenAsync(Jid occupant, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var settings = new XmppElement(Owner, XmppElement.From(new DataForm(DataFormType.Submit)));
        try
        {
            await client.RequestAsync(new Iq(IqType.Set, settings) { To = occupant.Bare }, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Nobody else could enter it. When its maker leaves, it is gone, and the next to come makes it anew (§10.1.2).
            lock (_gate)
            {
                _occupants = _occupants.Remove(occupant.Bare);
            }

            client.Post(ExitOf(occupant));
            throw;
        }
    }

    private async Task<Presence> AskAsync(RoomWait wait, Presence asked, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waits.TryGetValue(wait.Room, out var other))
            {
                if (other.IsUsers)
                {
                    throw new InvalidOperationException($"{wait.Room} is being entered or left already.");
                }

                other.Answer.TrySetCanceled(CancellationToken.None);
            }

            _waits[wait.Room] = wait;
        }

        try
        {
            await client.SendAsync(asked, cancellationToken).ConfigureAwait(false);
            var limit = timeout ?? Patience;
            try
            {
                return await wait.Answer.Task.WaitAsync(limit, client.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new XmppTimeoutException($"{wait.Room} did not answer within {limit.TotalSeconds:0.#} s.");
            }
        }
        finally
        {
            lock (_gate)
            {
                if (_waits.GetValueOrDefault(wait.Room) == wait)
                {
                    _waits.Remove(wait.Room);
                }
            }
        }
    }

    [LoggerMessage(EventId = 70, Level = LogLevel.Information, Message = "In {Room} as {Nick}")]
    private partial void LogEntered(Jid room, string? nick);

    [LoggerMessage(EventId = 71, Level = LogLevel.Warning, Message = "{Room} does not let us in, trying again in {Delay:0.0} s: {Reason}")]
    private partial void LogRefused(Jid room, double delay, string reason);

    [LoggerMessage(EventId = 72, Level = LogLevel.Warning, Message = "Out of {Room}, coming back in {Delay:0.0} s: {Exit}")]
    private partial void LogComingBack(Jid room, double delay, RoomExit exit);

    [LoggerMessage(EventId = 73, Level = LogLevel.Warning, Message = "Out of {Room}: {Exit}")]
    private partial void LogOut(Jid room, RoomExit exit);

    [LoggerMessage(EventId = 74, Level = LogLevel.Error, Message = "{Room} cannot be entered")]
    private partial void LogFailed(Jid room, Exception exception);
}
