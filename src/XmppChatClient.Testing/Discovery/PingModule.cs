using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Discovery;

/// <summary>Answers pings (XEP-0199 v2.0.1), of the server and of accounts.</summary>
internal sealed class PingModule : ServerModule
{
    private const string Namespace = "urn:xmpp:ping";

    protected override void SetUp(ModuleSetup setup)
    {
        var ping = new XmlName(Namespace, "ping");
        setup.ServerFeature(Namespace);
        setup.AccountFeature(Namespace);
        setup.OnServerIq(ping, Answer);
        setup.OnAccountIq(ping, Answer);

        // As both servers do, so that nobody learns which accounts there are.
        setup.OnIqToNobody(ping, Answer);
    }

    private static void Answer(IqRequest request)
    {
        if (request.IsSet)
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
        }
        else
        {
            request.Reply();
        }
    }
}
