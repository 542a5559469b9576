using XmppChatClient.Streams;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>Tells clients how much they may send, and for how long nothing (XEP-0478 v0.2.0).</summary>
internal sealed class LimitsModule : ServerModule
{
    public override XmppElement? FeatureBeforeLogin(ServerConnection connection) => Feature(idle: null);

    public override XmppElement? FeatureAfterLogin(ServerConnection connection) => Feature(Server.Options.Limits.Idle);

    protected override void SetUp(ModuleSetup setup)
    {
    }

    private XmppElement? Feature(TimeSpan? idle) =>
        Server.Options.Limits.Announce ? XmppElement.From(new StreamLimits(Server.Options.Limits.StanzaBytes, idle)) : null;
}
