using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Archive;

/// <summary>Where its sender has archived a message is nobody else's business (XEP-0313 §3.4). After carbons, whose copies
/// tell it to the sender's other sessions.</summary>
internal sealed class ArchiveIdPrivacy : ServerModule
{
    public override RoutedStanza? MessageSent(ServerSession sender, RoutedStanza message) =>
        message.WithoutStanzaIds(sender.Account.Jid);
}
