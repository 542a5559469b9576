using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Archive;

/// <summary>Which messages an account's archive takes, as Prosody decides it; ejabberd takes fewer without a body.</summary>
internal static class ArchiveRules
{
    private const string Hints = "urn:xmpp:hints";
    private const string ChatStates = "http://jabber.org/protocol/chatstates";

    public static bool IsWorthKeeping(RoutedStanza message)
    {
        switch (message.Type)
        {
            case "headline" or "groupchat":
                return false;
            case "error":
                // That one's own message did not arrive.
                return !message.To.IsBare;
        }

        if (message.Has(Hints, "no-store") || message.Has(Hints, "no-permanent-store"))
        {
            return false;
        }

        return Array.Exists(message.Element.Elements.ToArray(), child => (child.Name.Namespace, child.Name.LocalName) switch
        {
            (Hints, "store") => true,
            (XmppNamespaces.Client, "body" or "subject") => true,
            ("urn:xmpp:eme:0", "encryption") => true,
            ("urn:xmpp:receipts" or "urn:xmpp:chat-markers:0", _) => true,
            ("jabber:x:conference", "x") => true,
            ("http://jabber.org/protocol/muc#user", "x") => child.Child(child.Name.Namespace, "invite") is not null,
            ("urn:xmpp:jingle-message:0" or "urn:xmpp:jingle-message:1", _) => true,
            _ => false,
        });
    }

    /// <summary>Without what means something only at the moment.</summary>
    public static RoutedStanza Lasting(RoutedStanza message) => message.Without(child => child.Name.Namespace == ChatStates);
}
