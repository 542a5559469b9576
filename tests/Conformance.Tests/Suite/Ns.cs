using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>Namespaces that the suite itself looks at.</summary>
internal static class Ns
{
    public static readonly XNamespace Client = "jabber:client";
    public static readonly XNamespace Streams = "http://etherx.jabber.org/streams";
    public static readonly XNamespace Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
    public static readonly XNamespace Sasl2 = "urn:xmpp:sasl:2";
    public static readonly XNamespace Fast = "urn:xmpp:fast:0";
    public static readonly XNamespace Bind = "urn:ietf:params:xml:ns:xmpp-bind";
    public static readonly XNamespace Stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
    public static readonly XNamespace StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
    public static readonly XNamespace StreamManagement = "urn:xmpp:sm:3";
    public static readonly XNamespace Archive = "urn:xmpp:mam:2";
    public static readonly XNamespace StanzaIds = "urn:xmpp:sid:0";
    public static readonly XNamespace Forward = "urn:xmpp:forward:0";
    public static readonly XNamespace ResultSets = "http://jabber.org/protocol/rsm";
    public static readonly XNamespace Roster = "jabber:iq:roster";
    public static readonly XNamespace RoomUser = "http://jabber.org/protocol/muc#user";
    public static readonly XNamespace RoomAdmin = "http://jabber.org/protocol/muc#admin";
    public static readonly XNamespace DiscoInfo = "http://jabber.org/protocol/disco#info";
}
