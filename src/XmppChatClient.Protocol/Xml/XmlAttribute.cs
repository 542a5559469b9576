namespace XmppChatClient.Xml;

/// <summary>One attribute, its value as plain text.</summary>
public readonly record struct XmlAttribute(XmlName Name, string Value)
{
    /// <param name="localName">The name of an attribute in no namespace, as nearly all are.</param>
    /// <param name="value">Plain text, not escaped.</param>
    public XmlAttribute(string localName, string value)
        : this(new XmlName("", localName), value)
    {
    }
}
