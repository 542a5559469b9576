using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Modules;

/// <summary>One thing the server can do beyond logging in and routing. Everything here is called under the server's one gate
/// (<see cref="ServerEngine.Gate"/>), one call at a time: modules need no locks of their own, and never block. Sending only
/// queues. A timer's callback enters the gate itself. Hooks run in the order of <see cref="ServerModules"/>.</summary>
internal abstract class ServerModule
{
    /// <summary>The server this belongs to. Not to be used before <see cref="SetUp"/>.</summary>
    protected ServerEngine Server { get; private set; } = null!;

    public void Attach(ServerEngine server, ModuleSetup setup)
    {
        Server = server;
        SetUp(setup);
    }

    /// <summary>A child of the stream's features before login, or null.</summary>
    public virtual XmppElement? FeatureBeforeLogin(ServerConnection connection) => null;

    /// <summary>A child of the stream's features after login, or null.</summary>
    public virtual XmppElement? FeatureAfterLogin(ServerConnection connection) => null;

    /// <summary>A resource was bound; the client has been told nothing yet.</summary>
    public virtual void SessionBound(ServerSession session)
    {
    }

    /// <summary>The same by Bind 2 (XEP-0386), besides.</summary>
    public virtual void SessionBoundInline(ServerSession session)
    {
    }

    /// <summary>A session's connection is gone without the stream having been closed.</summary>
    /// <returns>Whether the session is to live on without a connection, until this module gives it another with
    /// <see cref="ServerSession.Attach"/> or ends it with <see cref="ServerSession.End"/>.</returns>
    public virtual bool ConnectionLost(ServerSession session) => false;

    /// <summary>A session is over, and its unavailable presence is on its way. Forget it here.</summary>
    public virtual void SessionEnded(ServerSession session)
    {
    }

    /// <summary>An account is no more, and what belongs to it is to be forgotten. Its sessions may end later.</summary>
    public virtual void AccountRemoved(ServerAccount account)
    {
    }

    /// <summary>A session sent a stanza, which is not looked at yet.</summary>
    public virtual void StanzaReceived(ServerSession session, XmppElement stanza)
    {
    }

    /// <summary>A stanza is about to go to a session, whether that has a connection or not.</summary>
    /// <returns>What goes instead; null for nothing.</returns>
    public virtual XmppElement? StanzaSending(ServerSession session, XmppElement stanza) => stanza;

    /// <summary>A stanza went to a session, or waits for its next connection.</summary>
    public virtual void StanzaSent(ServerSession session)
    {
    }

    /// <summary>A session is over, and its stream is about to be closed from this end.</summary>
    public virtual void StreamClosing(ServerSession session)
    {
    }

    /// <summary>A session sends a message of any type, to anybody.</summary>
    /// <returns>What is routed instead; null for nothing, when this has dealt with it.</returns>
    public virtual RoutedStanza? MessageSent(ServerSession sender, RoutedStanza message) => message;

    /// <summary>A message of any type has come for a local account, and is not delivered yet.</summary>
    /// <returns>What is delivered instead; null for nothing, when this has dealt with it.</returns>
    public virtual RoutedStanza? MessageArriving(ServerAccount receiver, RoutedStanza message) => message;

    /// <summary>A message went to some of an account's sessions.</summary>
    public virtual void MessageDelivered(ServerAccount receiver, RoutedStanza message, IReadOnlyList<ServerSession> sessions)
    {
    }

    /// <summary>No session takes a message of type normal or chat.</summary>
    /// <returns>Whether it is kept; otherwise the sender gets an error.</returns>
    public virtual bool MessageUndeliverable(ServerAccount receiver, RoutedStanza message) => false;

    /// <summary>A session's own presence changed, and was sent to whoever may see it.</summary>
    /// <param name="session">Whose; has the new presence already.</param>
    /// <param name="wasAvailable">Whether it was available before.</param>
    public virtual void PresenceChanged(ServerSession session, bool wasAvailable)
    {
    }

    /// <summary>A session sends available or unavailable presence to one address.</summary>
    /// <returns>What is routed instead; null for nothing.</returns>
    public virtual RoutedStanza? PresenceDirected(ServerSession session, RoutedStanza presence) => presence;

    /// <summary>A room has accepted a message for all its occupants, and has sent it to none yet.</summary>
    /// <param name="room">The room; <see cref="Room.IsOpenTo"/> says who may read what is said there.</param>
    /// <param name="message">From the occupant's address to the room's.</param>
    /// <returns>What the room sends and keeps as history, such as the same with an id of the room's.</returns>
    public virtual RoutedStanza RoomMessageAccepted(Room room, RoutedStanza message) => message;

    /// <summary>A room is no more. Another may get its address.</summary>
    public virtual void RoomEnded(Room room)
    {
    }

    /// <summary>Says what this answers, hosts and advertises.</summary>
    protected virtual void SetUp(ModuleSetup setup)
    {
    }
}
