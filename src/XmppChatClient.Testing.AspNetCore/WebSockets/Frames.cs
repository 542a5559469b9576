using System.Globalization;
using System.Security;
using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.WebSockets;

/// <summary>What is written otherwise in a framed stream (RFC 7395 §3.3) than in one of TCP.</summary>
internal static class Frames
{
    public const string Close = $"<close xmlns='{Namespace}'/>";

    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-framing";

    public static readonly XmlName OpenName = new(Namespace, "open");
    public static readonly XmlName CloseName = new(Namespace, "close");
    public static readonly byte[] StreamEnd = [.. "</stream:stream>"u8];

    private static readonly XmlName Success = new("urn:ietf:params:xml:ns:xmpp-sasl", "success");

    /// <summary>Whether a new stream follows.</summary>
    public static bool IsRestart(XmppElement element) => element.Name == Success;

    public static string Open(XmppElement header) => $"<open xmlns='{Namespace}'{Attributes(header)}/>";

    /// <summary>An element as a document of its own. What belongs to the stream has the prefix that servers give it.</summary>
    public static string Of(XmppElement element)
    {
        if (element.Name.Namespace != XmppNamespaces.Streams)
        {
            return XmlStreamWriter.ToText(element);
        }

        var children = string.Concat(element.Elements.ToArray().Select(XmlStreamWriter.ToText));
        var name = element.Name.LocalName;
        return $"<stream:{name} xmlns:stream='{XmppNamespaces.Streams}'>{children}</stream:{name}>";
    }

    public static byte[] StreamStart(XmppElement open) => Encoding.UTF8.GetBytes(
        $"<stream:stream xmlns='{XmppNamespaces.Client}' xmlns:stream='{XmppNamespaces.Streams}'{Attributes(open)}>");

    private static string Attributes(XmppElement element)
    {
        var text = new StringBuilder();
        foreach (var attribute in element.Attributes)
        {
            var name = attribute.Name == XmlName.Lang ? "xml:lang" : attribute.Name.LocalName;
            text.Append(CultureInfo.InvariantCulture, $" {name}='{SecurityElement.Escape(attribute.Value)}'");
        }

        return text.ToString();
    }
}
