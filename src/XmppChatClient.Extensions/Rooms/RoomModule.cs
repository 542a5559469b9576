using System.Collections.Immutable;
using XmppChatClient.Modules;

namespace XmppChatClient.Rooms;

/// <summary>Rooms to chat in (XEP-0045 v1.35.1): enters them, says something, leaves. What is said there comes as all messages do, of type
/// groupchat and from the occupant who said it; what we say comes back too. A session that is lost is out of all its rooms; the next one
/// enters them again, before it sends what the lost one left, and asks for what was said meanwhile. So does one that the room threw
/// out without meaning it (status 332, 333). Who is kicked, banned or no member any longer, or whose room was destroyed, does not come
/// back by himself.</summary>
public sealed class RoomModule : IXmppModule
{
    private XmppClient? _client;
    private RoomKeeper? _keeper;

    /// <summary>The rooms that we are in as of now, and what our address is there: a snapshot that does not change.</summary>
    public ImmutableDictionary<Jid, Jid> Occupants => _keeper?.Occupants ?? ImmutableDictionary<Jid, Jid>.Empty;

    /// <summary>The rooms that we were in and are out of without having left, and do not come back to, and how that came: as of now. Until
    /// they are entered or left again.</summary>
    public IReadOnlyDictionary<Jid, RoomExit> Exits => _keeper?.Exits ?? ImmutableDictionary<Jid, RoomExit>.Empty;

    private XmppClient Client => _client ?? throw NoClient();

    private RoomKeeper Keeper => _keeper ?? throw NoClient();

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        var keeper = new RoomKeeper(module.Client, module.Client.LoggerFactory.CreateLogger("XmppChatClient.Rooms"));
        _keeper = keeper;
        module.OnPresence(keeper.Take).OnMessage(keeper.Take).OnSessionStart(_ => keeper.StartAsync()).OnSessionEnd(keeper.End);
    }

    /// <summary>Enters a room (§7.2), and waits until it says that we are in. A room that is made by that (§10.1.2) is opened with the
    /// server's own settings. Who is in comes back in later sessions, as with <see cref="Stay"/>.</summary>
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
    /// <exception cref="InvalidOperationException">It is being entered or left already, or was left meanwhile.</exception>
    public async Task<Jid> JoinAsync(
        Jid room, string nick, int? history = null, string? password = null, TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        await Keeper.JoinAsync(new RoomStay(OccupantOf(room, nick, history), history, password), timeout, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Enters a room as soon as there is a session, and stays there: a room that does not let us in is asked again, after a
    /// second at first and every five minutes in the end, until it is left or says that we are banned (forbidden). Where the name is
    /// taken, up to three underscores are put behind it. May be called before the client connects. <see cref="Occupants"/> says who we
    /// are there; in a later session, no earlier messages come but those that were said since the last one, whole seconds back.</summary>
    /// <param name="room">The room's bare address.</param>
    /// <param name="nick">The name that we would like there.</param>
    /// <param name="history">How many earlier messages the room may send. Default as many as it likes.</param>
    /// <param name="password">What one must know to enter. Default nothing.</param>
    /// <exception cref="InvalidOperationException">It is being entered or left already.</exception>
    public void Stay(Jid room, string nick, int? history = null, string? password = null) =>
        Keeper.Stay(new RoomStay(OccupantOf(room, nick, history), history, password));

    /// <summary>Says something to all who are in a room (§7.4). Waits while a room that we want to be in has not let us in, or not again.
    /// </summary>
    /// <returns>Tells what becomes of it on its way to our server; that the room took it shows in that it comes back.</returns>
    /// <exception cref="RoomExitException">We were thrown out; nothing was sent.</exception>
    /// <exception cref="XmppException">As for <see cref="XmppClient.SendAsync(Stanza, CancellationToken)"/>.</exception>
    public async ValueTask<SendReceipt> SendAsync(Jid room, string body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        await Keeper.ReadyAsync(room.Bare, cancellationToken).ConfigureAwait(false);
        return await Client.SendAsync(new Message { To = room.Bare, Type = MessageType.Groupchat, Body = body }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Leaves a room (§7.14), and waits until it says that we are out. One that has not let us in yet is told that we do not want
    /// to any more. Does nothing when there is none.</summary>
    /// <param name="timeout">How long to wait for the room, more than zero. Default 30 s.</param>
    /// <exception cref="XmppException">It did not say so; we are out of it all the same.</exception>
    public Task LeaveAsync(Jid room, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return Keeper.LeaveAsync(room.Bare, timeout, cancellationToken);
    }

    private static Jid OccupantOf(Jid room, string nick, int? history)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentException.ThrowIfNullOrEmpty(nick);
        ArgumentOutOfRangeException.ThrowIfNegative(history ?? 0, nameof(history));
        return room.Bare.WithResource(nick);
    }

    private static InvalidOperationException NoClient() => new("This module belongs to no client yet.");
}
