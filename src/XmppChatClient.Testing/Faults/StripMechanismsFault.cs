using XmppChatClient.Testing.Login;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>SASL mechanisms are taken out of the offer on its way, of both profiles.</summary>
/// <param name="stripped">Which; none for all, which takes the offer away.</param>
internal sealed class StripMechanismsFault(FaultHooks hooks, string[] stripped) : Fault(hooks, null)
{
    public override XmppElement Features(XmppElement features)
    {
        var content = new List<XmlNode>();
        foreach (var node in features.Content)
        {
            if (node.Element is not { } offer || !IsOffer(offer))
            {
                content.Add(node);
            }
            else if (Array.FindAll(offer.Content.ToArray(), n => !IsStripped(n)) is var left
                && Array.Exists(left, n => n.Element?.Name.LocalName == "mechanism"))
            {
                content.Add(new XmppElement(offer.Name, offer.Attributes, left));
            }
        }

        return new XmppElement(features.Name, features.Attributes, [.. content]);
    }

    private static bool IsOffer(XmppElement element) => element.Name is
    { Namespace: SaslNegotiation.Namespace, LocalName: "mechanisms" } or { Namespace: Sasl2Negotiation.Namespace, LocalName: "authentication" };

    private bool IsStripped(XmlNode node) => node.Element is { Name.LocalName: "mechanism" } mechanism
        && (stripped.Length == 0 || stripped.Contains(mechanism.Text));
}
