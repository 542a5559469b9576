using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Rosters;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Presences;

/// <summary>Who is there, and who is told (RFC 6121 §4). Under the gate.</summary>
internal sealed class PresenceService(ServerEngine server)
{
    public Subscriptions Subscriptions { get; } = new(server);

    /// <summary>A session sends presence of any kind.</summary>
    public void Sent(ServerSession session, XmppElement element, Jid? to)
    {
        var type = element.Attribute("type");
        switch (type)
        {
            case null or "unavailable" when to is null:
                Broadcast(session, element);
                break;
            case null or "unavailable":
                Direct(session, RoutedStanza.Of(element, session.Jid, to!));
                break;
            case "subscribe" or "subscribed" or "unsubscribe" or "unsubscribed" when to is not null:
                // RFC 6121 §3.1.2: these are between bare addresses. Nobody is a contact of itself.
                if (to.Bare != session.Account.Jid)
                {
                    Subscriptions.Outbound(session.Account, RoutedStanza.Of(element, session.Account.Jid, to.Bare));
                }

                break;
            case "error" or "probe":
                if (to is not null)
                {
                    server.Router.Route(RoutedStanza.Of(element, session.Jid, to));
                }

                break;
            default:
                session.Send(RoutedStanza.Of(element, session.Jid, session.Account.Jid)
                    .Error(StanzaErrors.BadRequest with { Text = "Invalid presence type" }));
                break;
        }
    }

    /// <summary>Presence for a local account, bare or full.</summary>
    public void Arrived(RoutedStanza presence)
    {
        switch (presence.Type)
        {
            case "subscribe" or "subscribed" or "unsubscribe" or "unsubscribed":
                if (server.Accounts.Find(presence.To.Bare) is { } account)
                {
                    Subscriptions.Inbound(account, presence.Between(presence.From.Bare, account.Jid));
                }

                break;
            case "probe":
                Probed(presence);
                break;
            default:
                ToSessions(presence);
                break;
        }
    }

    /// <summary>A session is over: whoever saw it there sees it go.</summary>
    public void SessionEnded(ServerSession session)
    {
        if (session.IsAvailable || session.Directed is not null)
        {
            Leave(session, new XmppElement(StanzaNames.Presence, [new XmlAttribute(StanzaNames.Type, "unavailable")]));
        }
    }

    /// <summary>Shows somebody all available resources of an account.</summary>
    /// <returns>How many there are.</returns>
    public int SendAvailable(ServerAccount account, Jid to)
    {
        var count = 0;
        foreach (var session in account.Sessions)
        {
            if (session.Presence is { } presence)
            {
                server.Router.Route(presence.Between(session.Jid, to));
                count++;
            }
        }

        return count;
    }

    /// <summary>Lets somebody see all available resources of an account go.</summary>
    public void SendUnavailable(ServerAccount account, Jid to)
    {
        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable)
            {
                server.Router.Route(Plain("unavailable", session.Jid, to));
            }
        }
    }

    private static RoutedStanza Plain(string type, Jid from, Jid to) => RoutedStanza.Of(
        new XmppElement(StanzaNames.Presence, [new XmlAttribute(StanzaNames.Type, type)]), from, to);

    // RFC 6121 §4.7.2.3: what cannot be read counts as 0.
    private static sbyte PriorityOf(XmppElement presence) =>
        presence.Child(XmppNamespaces.Client, "priority") is { } priority
        && sbyte.TryParse(priority.Text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : (sbyte)0;

    private void Broadcast(ServerSession session, XmppElement element)
    {
        var wasAvailable = session.IsAvailable;
        if (element.Attribute("type") is null)
        {
            session.Presence = RoutedStanza.Of(element, session.Jid, session.Account.Jid);
            session.Priority = PriorityOf(element);
            ToThoseWhoMaySee(session, session.Presence);
            if (!wasAvailable)
            {
                Greet(session);
            }
        }
        else if (wasAvailable || session.Directed is not null)
        {
            Leave(session, element);
        }
        else
        {
            return;
        }

        foreach (var module in server.Modules.All)
        {
            module.PresenceChanged(session, wasAvailable);
        }
    }

    private void Leave(ServerSession session, XmppElement element)
    {
        var unavailable = RoutedStanza.Of(element, session.Jid, session.Account.Jid);
        if (session.IsAvailable)
        {
            ToThoseWhoMaySee(session, unavailable);
        }

        var directed = session.Directed;
        (session.Presence, session.Priority, session.Directed) = (null, 0, null);
        foreach (var to in directed ?? [])
        {
            server.Router.Route(unavailable.Between(session.Jid, to));
        }
    }

    private void ToThoseWhoMaySee(ServerSession session, RoutedStanza presence)
    {
        // RFC 6121 §4.2.2: to the account's own available resources too, the one it comes from among them.
        foreach (var own in session.Account.Sessions)
        {
            if (own.IsAvailable)
            {
                own.Send(presence.Between(session.Jid, own.Jid));
            }
        }

        foreach (var entry in session.Account.Roster.Entries.ToArray())
        {
            if (entry.From)
            {
                server.Router.Route(presence.Between(session.Jid, entry.Jid));
            }
        }
    }

    /// <summary>What a resource is shown that has just become available.</summary>
    private void Greet(ServerSession session)
    {
        var account = session.Account;
        foreach (var other in account.Sessions)
        {
            if (other != session && other.Presence is { } presence)
            {
                session.Send(presence.Between(other.Jid, session.Jid));
            }
        }

        foreach (var entry in account.Roster.Entries.ToArray())
        {
            if (entry.To)
            {
                server.Router.Route(Plain("probe", session.Jid, entry.Jid));
            }

            if (entry.Request is { } request)
            {
                session.Send(request);
            }

            if (entry.Asked)
            {
                // RFC 6121 §3.1.2: asked again at each login until there is an answer.
                server.Router.Route(Plain("subscribe", account.Jid, entry.Jid));
            }
        }
    }

    private void Direct(ServerSession session, RoutedStanza presence)
    {
        foreach (var module in server.Modules.All)
        {
            if (module.PresenceDirected(session, presence) is not { } next)
            {
                return;
            }

            presence = next;
        }

        if (presence.Type is not null)
        {
            session.Directed?.Remove(presence.To);
        }
        else if (session.Account.Roster.Find(presence.To.Bare) is not { From: true })
        {
            (session.Directed ??= []).Add(presence.To);
        }

        server.Router.Route(presence);
    }

    private void Probed(RoutedStanza probe)
    {
        if (server.Accounts.Find(probe.To.Bare) is not { } account)
        {
            return;
        }

        if (account.Jid != probe.From.Bare && account.Roster.Find(probe.From.Bare) is not { From: true })
        {
            server.Router.Route(Plain("unsubscribed", account.Jid, probe.From.Bare));
        }
        else if (SendAvailable(account, probe.From) == 0)
        {
            server.Router.Route(Plain("unavailable", account.Jid, probe.From));
        }
    }

    private void ToSessions(RoutedStanza presence)
    {
        if (!presence.To.IsBare)
        {
            server.Sessions.Find(presence.To)?.Send(presence);
        }
        else if (server.Accounts.Find(presence.To) is { } account && !presence.IsError)
        {
            foreach (var session in account.Sessions)
            {
                if (session.IsAvailable)
                {
                    session.Send(presence);
                }
            }
        }
    }
}
