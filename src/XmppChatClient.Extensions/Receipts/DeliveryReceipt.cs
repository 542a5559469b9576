using XmppChatClient.Xml;

namespace XmppChatClient.Receipts;

/// <summary>XEP-0184 v1.4.0 §5 <c>&lt;received/&gt;</c>: a message has come to a client. It says nothing of anybody having read it.
/// </summary>
/// <param name="Id">The id of that message; never empty.</param>
public sealed record DeliveryReceipt(string Id) : IPayload<DeliveryReceipt>
{
    public static XmlName Name { get; } = new(ReceiptRequest.Namespace, "received");

    public static DeliveryReceipt? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("id") is { Length: > 0 } id ? new DeliveryReceipt(id) : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("id", Id);
        writer.WriteEnd();
    }
}
