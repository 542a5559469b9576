using System.Buffers;

namespace XmppChatClient.Xml;

/// <summary>Reads an XMPP stream (RFC 6120 §4 and §11) from bytes that may be split anywhere. Time is linear in the number
/// of bytes, however they are split and nested.</summary>
public sealed class XmlStreamReader
{
    public XmlStreamReader(XmlLimits? limits = null) => throw new NotImplementedException();

    /// <summary>What was read last: the opening tag as an empty element, or a whole child of the stream.</summary>
    public XmppElement? Element => throw new NotImplementedException();

    /// <summary>Reads the next item and cuts what it took off the front of <paramref name="buffer"/>. On
    /// <see cref="XmlStreamItem.NeedMoreData"/> the bytes that remain must be given again, at the front of the next call's
    /// buffer and followed by new ones; bytes seen before are not looked at twice.</summary>
    /// <exception cref="XmppProtocolException">The peer broke a rule or a limit; the reader cannot go on.</exception>
    public XmlStreamItem TryRead(ref ReadOnlySequence<byte> buffer) => throw new NotImplementedException();
}
