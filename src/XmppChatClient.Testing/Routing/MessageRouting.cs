using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Routing;

/// <summary>Messages to accounts (RFC 6121 §8.5), where the RFC leaves a choice as Prosody does it. Under the gate.</summary>
internal sealed class MessageRouting(ServerEngine server)
{
    /// <summary>A message for a local account, bare or full.</summary>
    public void Arrived(RoutedStanza message)
    {
        if (server.Accounts.Find(message.To.Bare) is not { } account)
        {
            // As both servers, and as it is with a resource that is not there of an account that is.
            if (message is not { Type: "headline", To.IsBare: false })
            {
                server.Router.Refuse(message, StanzaErrors.ServiceUnavailable);
            }

            return;
        }

        foreach (var module in server.Modules.All)
        {
            if (module.MessageArriving(account, message) is not { } next)
            {
                return;
            }

            message = next;
        }

        Deliver(account, message);
    }

    /// <summary>Takes a message that has arrived once to the account's sessions, as when a session ends with messages that its
    /// client never got.</summary>
    public void Deliver(ServerAccount account, RoutedStanza message)
    {
        var sessions = Receivers(account, message);
        foreach (var session in sessions)
        {
            session.Send(message);
        }

        if (sessions.Count > 0)
        {
            foreach (var module in server.Modules.All)
            {
                module.MessageDelivered(account, message, sessions);
            }
        }
        else
        {
            Undelivered(account, message);
        }
    }

    private static List<ServerSession> Receivers(ServerAccount account, RoutedStanza message)
    {
        if (!message.To.IsBare && account.Sessions.Find(s => s.Jid == message.To) is { } named)
        {
            return [named];
        }

        return message.Type switch
        {
            "error" or "groupchat" => [],
            "headline" => message.To.IsBare ? account.Sessions.FindAll(Takes) : [],
            _ => Best(account),
        };
    }

    private static bool Takes(ServerSession session) => session is { IsAvailable: true, Priority: >= 0 };

    // RFC 6121 §8.5.2.1.1 leaves open which of the best; both servers take all of them.
    private static List<ServerSession> Best(ServerAccount account)
    {
        var best = -1;
        foreach (var session in account.Sessions)
        {
            best = Takes(session) ? Math.Max(best, session.Priority) : best;
        }

        return best < 0 ? [] : account.Sessions.FindAll(s => s.IsAvailable && s.Priority == best);
    }

    private void Undelivered(ServerAccount account, RoutedStanza message)
    {
        switch (message.Type)
        {
            case "error" or "headline":
                return;
            case "groupchat":
                server.Router.Refuse(message, StanzaErrors.ServiceUnavailable);
                return;
        }

        foreach (var module in server.Modules.All)
        {
            if (module.MessageUndeliverable(account, message))
            {
                return;
            }
        }

        server.Router.Refuse(message, StanzaErrors.ServiceUnavailable);
    }
}
