using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Names of the wrapper (XEP-0124 §6, XEP-0206 §3).</summary>
internal static class BoshNames
{
    public const string Namespace = "http://jabber.org/protocol/httpbind";
    public const string XmppNamespace = "urn:xmpp:xbosh";

    public static readonly XmlName Body = new(Namespace, "body");
    public static readonly XmlName Uri = new(Namespace, "uri");
    public static readonly XmlName Version = new(XmppNamespace, "version");
}
