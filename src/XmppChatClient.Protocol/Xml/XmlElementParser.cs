namespace XmppChatClient.Xml;

internal static class XmlElementParser
{
    public static XmppElement Parse(ReadOnlySpan<byte> utf8, XmlLimits limits) => throw new NotImplementedException();
}
