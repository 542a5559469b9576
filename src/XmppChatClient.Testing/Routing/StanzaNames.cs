using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>Names of RFC 6120 and 6121 that several parts of the server write.</summary>
internal static class StanzaNames
{
    public static XmlName From { get; } = new("", "from");

    public static XmlName To { get; } = new("", "to");

    public static XmlName Type { get; } = new("", "type");

    public static XmlName Id { get; } = new("", "id");

    public static XmlName Iq { get; } = new(XmppNamespaces.Client, "iq");

    public static XmlName Message { get; } = new(XmppNamespaces.Client, "message");

    public static XmlName Presence { get; } = new(XmppNamespaces.Client, "presence");
}
