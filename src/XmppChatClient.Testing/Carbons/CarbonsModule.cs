using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Carbons;

/// <summary>Message carbons (XEP-0280 v1.0.1): an account's other sessions see its conversations.</summary>
internal sealed class CarbonsModule : ServerModule
{
    private const string Namespace = "urn:xmpp:carbons:2";

    private readonly HashSet<ServerSession> _enabled = [];

    public override void SessionEnded(ServerSession session) => _enabled.Remove(session);

    public override RoutedStanza? MessageSent(ServerSession sender, RoutedStanza message)
    {
        if (IsConversation(message, sent: true))
        {
            Copy(sender.Account, message, "sent", [sender]);
        }

        return message;
    }

    public override void MessageDelivered(
        ServerAccount receiver, RoutedStanza message, IReadOnlyList<ServerSession> sessions)
    {
        if (IsConversation(message, sent: false))
        {
            Copy(receiver, message, "received", sessions);
        }
    }

    protected override void SetUp(ModuleSetup setup)
    {
        setup.ServerFeature(Namespace);
        setup.ServerFeature("urn:xmpp:carbons:rules:0");
        setup.OnAccountIq(new XmlName(Namespace, "enable"), request => Switch(request, on: true));
        setup.OnBind(new XmlName(Namespace, "enable"), (session, _) =>
        {
            _enabled.Add(session);
            return null;
        });
        setup.OnAccountIq(new XmlName(Namespace, "disable"), request => Switch(request, on: false));
    }

    // XEP-0280 §6.1, as Prosody reads it.
    private static bool IsConversation(RoutedStanza message, bool sent)
    {
        if (message.Has(Namespace, "private") || message.HasHint("no-copy"))
        {
            return false;
        }

        // A private message of a room goes to the one session that is in it.
        if (!sent && !message.To.IsBare && message.Has("http://jabber.org/protocol/muc#user", "x"))
        {
            return false;
        }

        return message.Type switch
        {
            "chat" => true,
            "error" => !sent && message.From.IsBare,
            "groupchat" or "headline" => false,
            _ => message.Has(XmppNamespaces.Client, "body"),
        };
    }

    private void Switch(IqRequest request, bool on)
    {
        if (!request.IsFromOwner || !request.IsSet || request.Session is not { } session)
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
            return;
        }

        if (on)
        {
            _enabled.Add(session);
        }
        else
        {
            _enabled.Remove(session);
        }

        request.Reply();
    }

    private void Copy(ServerAccount account, RoutedStanza message, string which, IReadOnlyList<ServerSession> except)
    {
        foreach (var session in account.Sessions)
        {
            if (_enabled.Contains(session) && !except.Contains(session))
            {
                session.Send(Wrap(account, session, message, which));
            }
        }
    }

    private static XmppElement Wrap(ServerAccount account, ServerSession session, RoutedStanza message, string which)
    {
        var attributes = new List<XmlAttribute>
        {
            new(StanzaNames.From, account.Jid.ToString()), new(StanzaNames.To, session.Jid.ToString()),
        };
        if (message.Type is { } type)
        {
            attributes.Add(new XmlAttribute(StanzaNames.Type, type));
        }

        return new XmppElement(
            StanzaNames.Message, [.. attributes],
            new XmppElement(new XmlName(Namespace, which), Forwarding.Wrap(message.Element)));
    }
}
