using System.Collections.Immutable;
using XmppChatClient.Forms;
using XmppChatClient.Modules;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Rooms;

/// <summary>Rooms to chat in (XEP-0045 v1.35.1): enters them, says something, leaves. What is said there comes as all messages do, of type
/// groupchat and from the occupant who said it; what we say comes back too. A session that is lost is out of all its rooms.</summary>
public sealed class RoomModule : IXmppModule
{
    private static readonly XmlName Owner = new(RoomEntry.Namespace + "#owner", "query");

    private readonly Lock _gate = new();
    private XmppClient? _client;
    private ImmutableList<RoomWait> _waits = [];
    private volatile ImmutableDictionary<Jid, Jid> _occupants = ImmutableDictionary<Jid, Jid>.Empty;

    /// <summary>The rooms that we are in as of now, and what our address is there: a snapshot that does not change.</summary>
    public ImmutableDictionary<Jid, Jid> Occupants => _occupants;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.OnPresence(Take).OnSessionEnd(End);
    }

    /// <summary>Enters a room (§7.2), and waits until it says that we are in. A room that is made by that (§10.1.2) is opened with the
    /// server's own settings.</summary>
    /// <param name="room">The room's bare address.</param>
    /// <param name="nick">Our name there.</param>
    /// <param name="history">How many earlier messages the room may send. Default as many as it likes.</param>
    /// <param name="password">What one must know to enter. Default nothing.</param>
    /// <param name="timeout">How long to wait for the room, more than zero. Default 30 s.</param>
    /// <returns>Our address there, with the name that the room gave us: it may be another one.</returns>
    /// <exception cref="XmppStanzaException">The room does not let us in: the name is taken (conflict), the password wrong
    /// (not-authorized), members only (registration-required), we are banned (forbidden), the room is full (service-unavailable).
    /// </exception>
    /// <exception cref="XmppTimeoutException">It did not say in time; it is left in case it let us in.</exception>
    /// <exception cref="XmppSessionLostException">The session ended first.</exception>
    /// <exception cref="XmppConnectionException">There is no session; nothing was asked.</exception>
    public async Task<Jid> JoinAsync(
        Jid room, string nick, int? history = null, string? password = null, TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentException.ThrowIfNullOrEmpty(nick);
        ArgumentOutOfRangeException.ThrowIfNegative(history ?? 0);
        var to = room.Bare.WithResource(nick);
        var entry = new Presence { To = to, Payloads = [new RoomEntry(history, password)] };
        Presence self;
        try
        {
            self = await AskAsync(entry, isEntry: true, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or XmppTimeoutException)
        {
            Client.Post(new Presence { To = to, Type = PresenceType.Unavailable });
            throw;
        }

        if (RoomPresence.HasStatus(self, "201"))
        {
            var settings = new XmppElement(Owner, XmppElement.From(new DataForm(DataFormType.Submit)));
            try
            {
                await Client.RequestAsync(new Iq(IqType.Set, settings) { To = room.Bare }, timeout, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // Nobody else could enter it. When its maker leaves, it is gone, and the next to come makes it anew (§10.1.2).
                Client.Post(new Presence { To = self.From, Type = PresenceType.Unavailable });
                throw;
            }
        }

        return self.From!;
    }

    /// <summary>Says something to all who are in a room (§7.4).</summary>
    /// <returns>Tells what becomes of it; that the room took it shows in that it comes back.</returns>
    /// <exception cref="XmppException">As for <see cref="XmppClient.SendAsync(Stanza, CancellationToken)"/>.</exception>
    public ValueTask<SendReceipt> SendAsync(Jid room, string body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return Client.SendAsync(new Message { To = room.Bare, Type = MessageType.Groupchat, Body = body }, cancellationToken);
    }

    /// <summary>Leaves a room (§7.14), and waits until it says that we are out. Does nothing when we are not in it.</summary>
    /// <param name="timeout">How long to wait for the room, more than zero. Default 30 s.</param>
    /// <exception cref="XmppException">It did not say so.</exception>
    public async Task LeaveAsync(Jid room, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (_occupants.TryGetValue(room.Bare, out var occupant))
        {
            var exit = new Presence { To = occupant, Type = PresenceType.Unavailable };
            await AskAsync(exit, isEntry: false, timeout, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Presence> AskAsync(Presence asked, bool isEntry, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var wait = new RoomWait(asked.To!, isEntry);
        lock (_gate)
        {
            if (_waits.Exists(w => w.Room == wait.Room))
            {
                throw new InvalidOperationException($"{wait.Room} is being entered or left already.");
            }

            _waits = _waits.Add(wait);
        }

        try
        {
            await Client.SendAsync(asked, cancellationToken).ConfigureAwait(false);
            var limit = timeout ?? TimeSpan.FromSeconds(30);
            try
            {
                return await wait.Answer.Task.WaitAsync(limit, Client.TimeProvider, cancellationToken).ConfigureAwait(false);
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
                _waits = _waits.Remove(wait);
            }
        }
    }

    // Nobody but the room can write from an address in it; what it relays of others has no status 110.
    private bool Take(Presence presence)
    {
        if (presence.From is not { } from)
        {
            return false;
        }

        lock (_gate)
        {
            var wait = _waits.Find(w => w.Room == from.Bare);
            switch (presence.Type)
            {
                case PresenceType.Error when wait?.MayRefuse(from) == true:
                    wait.Answer.TrySetException(new XmppStanzaException(presence.Error ?? StanzaErrors.ServiceUnavailable, from));
                    break;
                case PresenceType.Available when RoomPresence.IsOwn(presence) && (wait?.IsEntry == true || _occupants.ContainsKey(from.Bare)):
                    _occupants = _occupants.SetItem(from.Bare, from);
                    TakeAnswer(wait, isEntry: true, presence);
                    break;

                // §7.6: with status 303 it is a change of our name, and the new one comes next.
                case PresenceType.Unavailable when _occupants.GetValueOrDefault(from.Bare) == from && !RoomPresence.HasStatus(presence, "303"):
                    _occupants = _occupants.Remove(from.Bare);
                    TakeAnswer(wait, isEntry: false, presence);
                    break;
                default:
                    break;
            }
        }

        return false;
    }

    private static void TakeAnswer(RoomWait? wait, bool isEntry, Presence presence)
    {
        if (wait?.IsEntry == isEntry)
        {
            wait.Answer.TrySetResult(presence);
        }
    }

    private void End()
    {
        ImmutableList<RoomWait> waits;
        lock (_gate)
        {
            waits = _waits;
            _occupants = _occupants.Clear();
        }

        foreach (var wait in waits)
        {
            wait.Answer.TrySetException(new XmppSessionLostException($"The session ended before {wait.Room} answered."));
        }
    }
}
