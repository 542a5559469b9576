using System.Security;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>What belongs to the stream itself, with the prefix that every server writes there.</summary>
internal static class StreamText
{
    public const string End = "</stream:stream>";

    public static string Start(string? from, string id, string? to) =>
        $"<?xml version='1.0'?><stream:stream xmlns='{XmppNamespaces.Client}' xmlns:stream='{XmppNamespaces.Streams}'"
            + $" id='{id}'{Attribute("from", from)}{Attribute("to", to)} version='1.0' xml:lang='en'>";

    /// <summary>The opening tag for a component, without a version (XEP-0114 §3).</summary>
    public static string StartComponent(string? from, string id) =>
        $"<?xml version='1.0'?><stream:stream xmlns='{XmppNamespaces.Component}' xmlns:stream='{XmppNamespaces.Streams}'"
            + $" id='{id}'{Attribute("from", from)}>";

    /// <summary>An element of the stream's namespace: its features, or an error.</summary>
    public static string Of(XmppElement element)
    {
        var children = element.Elements.ToArray().Select(XmlStreamWriter.ToText);
        return $"<stream:{element.Name.LocalName}>{string.Concat(children)}</stream:{element.Name.LocalName}>";
    }

    private static string Attribute(string name, string? value) =>
        value is null ? "" : $" {name}='{SecurityElement.Escape(value)}'";
}
