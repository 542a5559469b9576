using System.Text;
using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>XML as text of one form: no prefixes but xml, attributes sorted, a namespace where it changes, single quotes.</summary>
internal static class Canonical
{
    public static string Write(XElement element)
    {
        var text = new StringBuilder();
        Write(element, Ns.Client.NamespaceName, text);
        return text.ToString();
    }

    private static void Write(XElement element, string outer, StringBuilder text)
    {
        var name = element.Name.LocalName;
        text.Append('<').Append(name);
        if (element.Name.NamespaceName != outer)
            Attribute("xmlns", element.Name.NamespaceName, text);
        foreach (var attribute in element.Attributes().OrderBy(a => Name(a), StringComparer.Ordinal))
            Attribute(Name(attribute), attribute.Value, text);
        if (!element.Nodes().Any())
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
                Write(child, element.Name.NamespaceName, text);
            else
                text.Append(Escape(((XText)node).Value));
        }

        text.Append("</").Append(name).Append('>');
    }

    private static void Attribute(string name, string value, StringBuilder text) =>
        text.Append(' ').Append(name).Append("='").Append(Escape(value).Replace("'", "&apos;", StringComparison.Ordinal)).Append('\'');

    private static string Name(XAttribute attribute) => attribute.Name.Namespace switch
    {
        var none when none == XNamespace.None => attribute.Name.LocalName,
        var xml when xml == XNamespace.Xml => "xml:" + attribute.Name.LocalName,
        _ => attribute.Name.ToString(),
    };

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\n", "&#10;", StringComparison.Ordinal);
}
