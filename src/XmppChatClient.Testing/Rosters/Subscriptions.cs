using System.Globalization;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rosters;

/// <summary>Who may see whose presence (RFC 6121 §3 and Appendix A). Approval in advance is not there. Under the gate.</summary>
internal sealed class Subscriptions(ServerEngine server)
{
    private int _pushes;

    /// <summary>Tells the account's sessions that asked for the roster of one item.</summary>
    public void Push(ServerAccount account, XmppElement item)
    {
        foreach (var session in account.Sessions)
        {
            if (session.WantsRoster)
            {
                var id = $"push-{(++_pushes).ToString(CultureInfo.InvariantCulture)}";
                session.Send(new XmppElement(
                    StanzaNames.Iq,
                    [
                        new XmlAttribute(StanzaNames.To, session.Jid.ToString()), new XmlAttribute(StanzaNames.Type, "set"),
                        new XmlAttribute(StanzaNames.Id, id),
                    ],
                    new XmppElement(new XmlName(RosterModule.Namespace, "query"), item)));
            }
        }
    }

    /// <summary>An account changes what is between it and a contact; the stanza is from and to bare addresses.</summary>
    public void Outbound(ServerAccount account, RoutedStanza presence)
    {
        switch (presence.Type)
        {
            case "subscribe":
                Ask(account, presence);
                break;
            case "unsubscribe":
                StopSeeing(account, presence);
                break;
            case "subscribed":
                Approve(account, presence);
                break;
            default:
                Deny(account, presence);
                break;
        }
    }

    /// <summary>A contact changes what is between it and an account; the stanza is from and to bare addresses.</summary>
    public void Inbound(ServerAccount account, RoutedStanza presence)
    {
        var entry = account.Roster.Find(presence.From);
        switch (presence.Type)
        {
            case "subscribe":
                Asked(account, presence);
                break;
            case "unsubscribe" when entry is { From: true } or { Request: not null }:
                (entry.From, entry.Request) = (false, null);
                Tell(account, entry, presence);
                break;
            case "subscribed" when entry is { Asked: true }:
                (entry.To, entry.Asked) = (true, false);
                Tell(account, entry, presence);
                break;
            case "unsubscribed" when entry is { To: true } or { Asked: true }:
                (entry.To, entry.Asked) = (false, false);
                Tell(account, entry, presence);
                break;
            default:
                // RFC 6121 Appendix A.3: whatever changes nothing is not shown to anybody.
                break;
        }
    }

    /// <summary>A contact is removed from the roster (RFC 6121 §2.5.2).</summary>
    public void EndBoth(ServerAccount account, RosterEntry entry)
    {
        if (entry.To || entry.Asked)
        {
            server.Router.Route(Between(account.Jid, entry.Jid, "unsubscribe"));
        }

        if (entry.From || entry.Request is not null)
        {
            server.Router.Route(Between(account.Jid, entry.Jid, "unsubscribed"));
        }

        if (entry.From)
        {
            server.Presences.SendUnavailable(account, entry.Jid);
        }
    }

    private static RoutedStanza Between(Jid from, Jid to, string type) => RoutedStanza.Of(
        new XmppElement(StanzaNames.Presence, [new XmlAttribute(StanzaNames.Type, type)]), from, to);

    private void Ask(ServerAccount account, RoutedStanza presence)
    {
        var entry = account.Roster.FindOrAdd(presence.To);
        if (!entry.To)
        {
            (entry.IsItem, entry.Asked) = (true, true);
        }

        // As Prosody, also when it changed nothing; ejabberd does while the contact has not answered.
        Push(account, entry.ToElement());
        server.Router.Route(presence);
    }

    private void StopSeeing(ServerAccount account, RoutedStanza presence)
    {
        if (account.Roster.Find(presence.To) is { } entry && (entry.To || entry.Asked))
        {
            (entry.To, entry.Asked) = (false, false);
            Push(account, entry.ToElement());
        }

        server.Router.Route(presence);
    }

    private void Approve(ServerAccount account, RoutedStanza presence)
    {
        if (account.Roster.Find(presence.To) is not { Request: not null } entry)
        {
            return;
        }

        (entry.IsItem, entry.From, entry.Request) = (true, true, null);
        Push(account, entry.ToElement());
        server.Router.Route(presence);
        server.Presences.SendAvailable(account, presence.To);
    }

    private void Deny(ServerAccount account, RoutedStanza presence)
    {
        if (account.Roster.Find(presence.To) is not { } entry || (!entry.From && entry.Request is null))
        {
            return;
        }

        var saw = entry.From;
        (entry.From, entry.Request) = (false, null);
        if (saw)
        {
            Push(account, entry.ToElement());
        }

        Forget(account, entry);
        server.Router.Route(presence);
        if (saw)
        {
            server.Presences.SendUnavailable(account, presence.To);
        }
    }

    private void Asked(ServerAccount account, RoutedStanza presence)
    {
        var entry = account.Roster.FindOrAdd(presence.From);
        if (entry.From)
        {
            // Both servers answer for the account: the contact has lost what it knew.
            server.Router.Route(Between(account.Jid, presence.From, "subscribed"));
            server.Presences.SendAvailable(account, presence.From);
        }
        else if (entry.Request is null)
        {
            entry.Request = presence;
            foreach (var session in account.Sessions)
            {
                if (session.IsAvailable)
                {
                    session.Send(presence);
                }
            }
        }
    }

    private void Tell(ServerAccount account, RosterEntry entry, RoutedStanza presence)
    {
        foreach (var session in account.Sessions)
        {
            if (session.WantsRoster)
            {
                session.Send(presence);
            }
        }

        if (entry.IsItem)
        {
            Push(account, entry.ToElement());
        }

        Forget(account, entry);
        if (presence.Type == "unsubscribe")
        {
            // RFC 6121 §3.3.3: who no longer asks is told that we are gone.
            server.Presences.SendUnavailable(account, presence.From);
        }
    }

    private static void Forget(ServerAccount account, RosterEntry entry)
    {
        if (!entry.IsItem && entry.Request is null)
        {
            account.Roster.Remove(entry.Jid);
        }
    }
}
