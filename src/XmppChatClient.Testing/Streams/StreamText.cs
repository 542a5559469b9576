using System.Security;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>What belongs to the stream itself, with the prefix that every server writes there.</summary>
internal static class StreamText
{
    public const string End = "</stream:stream>";

    public static string Start(string domain, string id, string? to)
    {
        var receiver = to is null ? "" : $" to='{SecurityElement.Escape(to)}'";
        return $"<?xml version='1.0'?><stream:stream xmlns='{XmppNamespaces.Client}' xmlns:stream='{XmppNamespaces.Streams}'"
            + $" id='{id}' from='{SecurityElement.Escape(domain)}'{receiver} version='1.0' xml:lang='en'>";
    }

    /// <summary>An element of the stream's namespace: its features, or an error.</summary>
    public static string Of(XmppElement element)
    {
        var children = element.Elements.ToArray().Select(XmlStreamWriter.ToText);
        return $"<stream:{element.Name.LocalName}>{string.Concat(children)}</stream:{element.Name.LocalName}>";
    }
}
