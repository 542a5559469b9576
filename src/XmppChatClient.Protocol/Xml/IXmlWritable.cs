namespace XmppChatClient.Xml;

/// <summary>Something that can write itself as one XML element.</summary>
public interface IXmlWritable
{
    /// <summary>Writes exactly one element, with all its content.</summary>
    void Write(XmlStreamWriter writer);
}
