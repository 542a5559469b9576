using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>Looking into elements.</summary>
internal static class ElementChildren
{
    /// <summary>The first child of that name, or null; nothing is allocated.</summary>
    public static XmppElement? Child(this XmppElement element, string namespaceName, string localName)
    {
        foreach (var child in element.Elements)
        {
            if (child.Name.LocalName == localName && child.Name.Namespace == namespaceName)
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The first child element, or null.</summary>
    public static XmppElement? FirstChild(this XmppElement element)
    {
        foreach (var child in element.Elements)
        {
            return child;
        }

        return null;
    }
}
