using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.WebSocket;

/// <summary>What opens and closes a stream whose elements are framed (RFC 7395 §3.3.2).</summary>
internal static class Framing
{
    public const string Namespace = "urn:ietf:params:xml:ns:xmpp-framing";

    public static readonly XmlName Open = new(Namespace, "open");
    public static readonly XmlName Close = new(Namespace, "close");

    private static readonly XmlName StreamName = new(XmppNamespaces.Streams, "stream");

    public static void WriteOpen(XmlStreamWriter writer, (string To, string? From) stream)
    {
        writer.WriteStart(Open);
        writer.WriteAttribute("to", stream.To);
        writer.WriteAttribute("from", stream.From);
        writer.WriteAttribute("version", "1.0");
        writer.WriteEnd();
    }

    public static void WriteClose(XmlStreamWriter writer, int nothing)
    {
        writer.WriteStart(Close);
        writer.WriteEnd();
    }

    /// <summary>What it would be in a stream of TCP.</summary>
    public static XmppElement ToStreamHeader(XmppElement open) => new(StreamName, open.Attributes);
}
