using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>Requests and answers (RFC 6121 §8.5). Under the gate.</summary>
internal sealed class IqRouting(ServerEngine server)
{
    public void ToServer(RoutedStanza stanza)
    {
        if (stanza.IsRequest)
        {
            Answer(stanza, server.Modules.ServerIqs, null);
        }
    }

    public void ToAccount(RoutedStanza stanza)
    {
        if (!stanza.To.IsBare)
        {
            ToSession(stanza);
        }
        else if (stanza.IsRequest)
        {
            var account = server.Accounts.Find(stanza.To);
            Answer(stanza, account is null ? server.Modules.NobodyIqs : server.Modules.AccountIqs, account);
        }
    }

    private void ToSession(RoutedStanza stanza)
    {
        if (server.Sessions.Find(stanza.To) is { } session)
        {
            session.Send(stanza);
        }
        else
        {
            server.Router.Refuse(stanza, StanzaErrors.ServiceUnavailable);
        }
    }

    private void Answer(RoutedStanza stanza, Dictionary<XmlName, Action<IqRequest>> handlers, ServerAccount? account)
    {
        if (stanza.Element.FirstChild() is { } payload && handlers.TryGetValue(payload.Name, out var handler))
        {
            handler(new IqRequest(server, stanza, payload, account));
        }
        else
        {
            server.Router.Refuse(stanza, StanzaErrors.ServiceUnavailable);
        }
    }
}
