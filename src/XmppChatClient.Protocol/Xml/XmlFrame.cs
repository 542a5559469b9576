namespace XmppChatClient.Xml;

/// <summary>What <see cref="XmlFrameScanner"/> found.</summary>
internal enum XmlFrame
{
    Declaration,
    StreamStart,
    Element,
    StreamEnd,
}
