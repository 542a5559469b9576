using XmppChatClient.Xml;

namespace XmppChatClient.Receipts;

/// <summary>XEP-0184 v1.4.0 §5 <c>&lt;request/&gt;</c>: the sender wishes to know when the message has come to a client.</summary>
public sealed record ReceiptRequest : IPayload<ReceiptRequest>
{
    internal const string Namespace = "urn:xmpp:receipts";

    public static XmlName Name { get; } = new(Namespace, "request");

    public static ReceiptRequest? Read(XmppElement element) => new();

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteElement(Name);
    }
}
