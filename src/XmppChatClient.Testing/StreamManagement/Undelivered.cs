using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>What becomes of stanzas that a session's client never acknowledged.</summary>
internal static class Undelivered
{
    private static readonly StanzaError RecipientUnavailable =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.RecipientUnavailable);

    /// <summary>The same with the time when it should have come; both servers leave requests as they are.</summary>
    public static XmppElement Delayed(ServerSession session, SentStanza sent) => sent.Element.Name == StanzaNames.Iq
        || sent.Element.Child(DelayStamp.Namespace, "delay") is not null
            ? sent.Element
            : new XmppElement(
                sent.Element.Name, sent.Element.Attributes,
                [.. sent.Element.Content, DelayStamp.Of(sent.At, session.Account.Jid)]);

    /// <summary>After the session's end: a message is kept for later when this was the account's last session, and comes back
    /// otherwise unless it waits in the archive; so both servers do it.</summary>
    public static void Return(ServerEngine server, ServerSession session, SentStanza sent)
    {
        var account = session.Account;
        if (!Jid.TryParse(sent.Element.Attribute("from"), out var from) || from == account.Jid || from == session.Jid)
        {
            // Carbons, results of the archive, its own presence: whoever sent that needs no answer.
            return;
        }

        var to = Jid.TryParse(sent.Element.Attribute("to"), out var named) && named.Bare == account.Jid ? named : session.Jid;
        var stanza = RoutedStanza.Of(Delayed(session, sent), from, to);
        if (stanza.Kind == StanzaKind.Presence || stanza.Type == "headline")
        {
            return;
        }

        if (stanza.Kind == StanzaKind.Message && stanza.Type is not ("groupchat" or "error"))
        {
            if (session.ReadsArchive && stanza.HasStanzaId(account.Jid))
            {
                return;
            }

            if (account.Sessions.Count == 0 && server.Accounts.Find(account.Jid) == account)
            {
                server.Router.Messages.Deliver(account, stanza);
                return;
            }
        }

        server.Router.Refuse(stanza, RecipientUnavailable);
    }
}
