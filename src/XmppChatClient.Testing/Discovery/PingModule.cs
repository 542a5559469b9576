using XmppChatClient.Testing.Modules;
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
        setup.OnServerIq(ping, request => request.Reply());
        setup.OnAccountIq(ping, request => request.Reply());
    }
}
