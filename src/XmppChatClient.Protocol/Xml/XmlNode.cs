namespace XmppChatClient.Xml;

/// <summary>One piece of an element's content: text or an element.</summary>
public readonly struct XmlNode
{
    internal XmlNode(object value) => Value = value;

    /// <summary>The element, or <see langword="null"/> when this is text.</summary>
    public XmppElement? Element => Value as XmppElement;

    /// <summary>The text, or <see langword="null"/> when this is an element.</summary>
    public string? Text => Value as string;

    internal object Value { get; }

    public static implicit operator XmlNode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new XmlNode(text);
    }

    public static implicit operator XmlNode(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new XmlNode(element);
    }

    public static XmlNode FromString(string text) => text;

    public static XmlNode FromElement(XmppElement element) => element;
}
