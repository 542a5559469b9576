using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Sessions;

/// <summary>A bound resource. It is not its connection: that may be lost, and another take its place. Under the gate.</summary>
internal sealed class ServerSession(ServerEngine server, ServerAccount account, Jid jid)
{
    /// <summary>The full address.</summary>
    public Jid Jid => jid;

    public ServerAccount Account => account;

    /// <summary>Null while a module keeps the session alive without one.</summary>
    public ServerConnection? Connection { get; private set; }

    /// <summary>The available presence sent last, or null while unavailable.</summary>
    public RoutedStanza? Presence { get; set; }

    public bool IsAvailable => Presence is not null;

    /// <summary>The priority of <see cref="Presence"/>; 0 while unavailable.</summary>
    public sbyte Priority { get; set; }

    /// <summary>Whether it asked for its roster, and so hears of changes (RFC 6121 §2.1.6).</summary>
    public bool WantsRoster { get; set; }

    /// <summary>Who got directed presence and must hear of its end (RFC 6121 §4.6.3); null for nobody yet.</summary>
    public HashSet<Jid>? Directed { get; set; }

    /// <summary>Whether it has asked its archive, and so looks there for what it missed.</summary>
    public bool ReadsArchive { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>Sends a stanza, by the modules' hooks.</summary>
    public void Send(RoutedStanza stanza) => Send(stanza.Element);

    /// <summary>Sends a stanza, by the modules' hooks.</summary>
    public void Send(XmppElement stanza) => server.Faults.Send(this, stanza);

    /// <summary>Sends a stanza that no fault has kept back.</summary>
    public void Deliver(XmppElement stanza)
    {
        foreach (var module in server.Modules.All)
        {
            if (module.StanzaSending(this, stanza) is not { } next)
            {
                return;
            }

            stanza = next;
        }

        Connection?.Send(stanza);
        foreach (var module in server.Modules.All)
        {
            module.StanzaSent(this);
        }
    }

    /// <summary>Takes a connection whose client is logged in to this account and has no session yet. One that was there before
    /// is closed with a conflict (XEP-0198 §5).</summary>
    public void Attach(ServerConnection connection)
    {
        var before = Connection;
        Connection = connection;
        connection.Session = this;
        if (before is not null && before != connection)
        {
            before.Session = null;
            before.Close(new StreamError(StreamErrorCondition.Conflict, "Replaced by new connection"));
        }
    }

    /// <summary>Lets go of the connection without ending either.</summary>
    public void Detach()
    {
        if (Connection is { } connection)
        {
            connection.Session = null;
            Connection = null;
        }
    }

    /// <summary>Ends the session: others see it go, modules forget it. Its connection, if any, is closed with that error or
    /// without one.</summary>
    public void End(StreamError? error = null)
    {
        if (HasEnded)
        {
            return;
        }

        HasEnded = true;
        var connection = Connection;
        if (connection is not null)
        {
            foreach (var module in server.Modules.All)
            {
                module.StreamClosing(this);
            }

            Detach();
        }

        server.Sessions.Remove(this);
        server.Presences.SessionEnded(this);
        foreach (var module in server.Modules.All)
        {
            module.SessionEnded(this);
        }

        if (account.Password is null && account.Sessions.Count == 0)
        {
            server.Remove(account);
        }

        // After all that: whoever reads our closing tag knows that the session is over.
        connection?.Close(error);
    }
}
