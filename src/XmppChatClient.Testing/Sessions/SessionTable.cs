using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Sessions;

/// <summary>All bound sessions by full address. Under the gate.</summary>
internal sealed class SessionTable(ServerEngine server)
{
    private readonly Dictionary<Jid, ServerSession> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>A copy, to end some of them.</summary>
    public ServerSession[] All => [.. _sessions.Values];

    public ServerSession? Find(Jid jid) => _sessions.GetValueOrDefault(jid);

    /// <summary>Binds a resource. A session that has it already makes room: Prosody and ejabberd both take the newer
    /// one.</summary>
    public ServerSession Bind(ServerConnection connection, ServerAccount account, Jid jid)
    {
        Find(jid)?.End(new StreamError(StreamErrorCondition.Conflict, "Replaced by new connection"));
        var session = new ServerSession(server, account, jid);
        _sessions.Add(jid, session);
        account.Sessions.Add(session);
        session.Attach(connection);
        foreach (var module in server.Modules.All)
        {
            module.SessionBound(session);
        }

        return session;
    }

    /// <summary>For <see cref="ServerSession.End"/>.</summary>
    public void Remove(ServerSession session)
    {
        _sessions.Remove(session.Jid);
        session.Account.Sessions.Remove(session);
    }

    /// <summary>A session's connection is gone without the stream having been closed.</summary>
    public void ConnectionLost(ServerSession session)
    {
        session.Detach();
        foreach (var module in server.Modules.All)
        {
            if (module.ConnectionLost(session))
            {
                return;
            }
        }

        session.End();
    }
}
