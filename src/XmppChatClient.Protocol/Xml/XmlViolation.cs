using XmppChatClient.Streams;

namespace XmppChatClient.Xml;

/// <summary>What to throw at XML that XMPP does not allow.</summary>
internal static class XmlViolation
{
    public static XmppProtocolException NotWellFormed(string what) =>
        new(StreamErrorCondition.NotWellFormed, $"The XML is not well-formed: {what}.");

    // RFC 6120 §11.1
    public static XmppProtocolException Restricted(string what) =>
        new(StreamErrorCondition.RestrictedXml, $"XMPP does not allow {what} (RFC 6120 §11.1).");

    public static XmppProtocolException BadPrefix(string what) =>
        new(StreamErrorCondition.BadNamespacePrefix, $"The XML's namespaces are wrong: {what}.");

    public static XmppProtocolException TooMuch(string what, int limit) =>
        new(StreamErrorCondition.PolicyViolation, $"{what} is over the limit of {limit}.");

    public static XmppProtocolException OutsideElements() =>
        new(StreamErrorCondition.BadFormat, "There is text outside of any stanza.");
}
