using XmppChatClient.Testing.Modules;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Sessions;

/// <summary>What belongs to the login, asked once more by a bound session.</summary>
internal sealed class SessionRequests : ServerModule
{
    protected override void SetUp(ModuleSetup setup)
    {
        // RFC 3921 §3, which every client may leave out: there is nothing to do.
        setup.OnAccountIq(new XmlName("urn:ietf:params:xml:ns:xmpp-session", "session"), request => request.Reply());
    }
}
