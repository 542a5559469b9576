using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Offline;

/// <summary>Keeps messages for accounts without a session that takes them (XEP-0160 v1.0.1), stamped as in XEP-0203.</summary>
internal sealed class OfflineMessages : ServerModule
{
    private const string ChatStates = "http://jabber.org/protocol/chatstates";

    private readonly Dictionary<ServerAccount, List<RoutedStanza>> _kept = [];

    public override bool MessageUndeliverable(ServerAccount receiver, RoutedStanza message)
    {
        if (receiver.Password is null || !IsWorthKeeping(message))
        {
            return false;
        }

        if (!_kept.TryGetValue(receiver, out var messages))
        {
            messages = [];
            _kept.Add(receiver, messages);
        }

        if (messages.Count >= Server.Options.Limits.OfflineMessages)
        {
            Server.Router.Refuse(message, StanzaErrors.ResourceConstraint);
            return true;
        }

        // Another delay than that which the message may have had before.
        messages.Add(message.With(DelayStamp.Of(Server.Clock.GetUtcNow(), Server.Domain)));
        return true;
    }

    public override void AccountRemoved(ServerAccount account) => _kept.Remove(account);

    // XEP-0386 §3.2, and as in ejabberd where there is an archive to find them in.
    public override void SessionBoundInline(ServerSession session)
    {
        if (Server.Options.Archive is { Offer: true, Default: ArchivePolicy.Always })
        {
            _kept.Remove(session.Account);
        }
    }

    public override void PresenceChanged(ServerSession session, bool wasAvailable)
    {
        // XEP-0160 §3: a resource of negative priority gets none of them. As in Prosody, nor does one that has asked the archive,
        // where it finds them.
        if (session is { IsAvailable: true, Priority: >= 0, ReadsArchive: false } && _kept.Remove(session.Account, out var messages))
        {
            foreach (var message in messages)
            {
                session.Send(message);
            }
        }
    }

    protected override void SetUp(ModuleSetup setup) => setup.ServerFeature("msgoffline");

    private static bool IsWorthKeeping(RoutedStanza message)
    {
        if (message.HasHint("no-store"))
        {
            return false;
        }

        // XEP-0160 §3: what only says that somebody is typing is of no use later.
        return message.Has(XmppNamespaces.Client, "body")
            || Array.Exists(message.Element.Elements.ToArray(), e => e.Name.Namespace is not (ChatStates or MessageHints.Namespace)
                && e.Name.LocalName is not "thread");
    }
}
