using XmppChatClient.Testing.Modules;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Discovery;

/// <summary>Says what software this is (XEP-0092 v1.1).</summary>
internal sealed class VersionModule : ServerModule
{
    private const string Namespace = "jabber:iq:version";

    protected override void SetUp(ModuleSetup setup)
    {
        setup.ServerFeature(Namespace);
        setup.OnServerIq(new XmlName(Namespace, "query"), request => request.Reply(new XmppElement(
            new XmlName(Namespace, "query"),
            new XmppElement(new XmlName(Namespace, "name"), "XmppTestServer"),
            new XmppElement(new XmlName(Namespace, "version"), Version))));
    }

    private static string Version => typeof(VersionModule).Assembly.GetName().Version?.ToString(3) ?? "0";
}
