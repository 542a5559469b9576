using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>What a stanza carries besides its addressing: an extension's record, or an <see cref="XmppElement"/> of a
/// kind that nobody here knows.</summary>
public interface IPayload : IXmlWritable;

/// <summary>A payload that can be read back by its type, as <c>message.Get&lt;T&gt;()</c> does.</summary>
public interface IPayload<TSelf> : IPayload
    where TSelf : class, IPayload<TSelf>
{
    /// <summary>The element this payload is.</summary>
    static abstract XmlName Name { get; }

    /// <summary>Reads an element whose name is <see cref="Name"/>. <see langword="null"/> when it is malformed: what peers
    /// send never throws here.</summary>
    static abstract TSelf? Read(XmppElement element);
}
