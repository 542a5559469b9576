using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>A request to the server or to a bare address, to be answered once: now or later, under the gate.</summary>
internal sealed class IqRequest(ServerEngine server, RoutedStanza stanza, XmppElement payload, ServerAccount? account)
{
    public RoutedStanza Stanza => stanza;

    public XmppElement Payload => payload;

    public Jid From => stanza.From;

    public bool IsSet => stanza.Type == "set";

    /// <summary>The account that is asked; null for the server, and for an address without an account.</summary>
    public ServerAccount? Account => account;

    /// <summary>Whether an account asks itself.</summary>
    public bool IsFromOwner => account is not null && stanza.From.Bare == account.Jid;

    /// <summary>The local session that asks, or null.</summary>
    public ServerSession? Session { get; } = server.Sessions.Find(stanza.From);

    public void Reply(IXmlWritable? payload = null) => server.Router.Route(stanza.Result(payload));

    public void Refuse(StanzaError error) => server.Router.Route(stanza.Error(error));
}
