using XmppChatClient.Testing.Login;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>The offer of SASL mechanisms is not what the server can do.</summary>
/// <param name="change">What becomes of the names; none at all takes the offer away.</param>
internal sealed class MechanismsFault(FaultHooks hooks, Func<IEnumerable<string>, IEnumerable<string>> change)
    : Fault(hooks, null)
{
    private static readonly XmlName Mechanisms = new(SaslNegotiation.Namespace, "mechanisms");
    private static readonly XmlName Mechanism = new(SaslNegotiation.Namespace, "mechanism");

    public override XmppElement Features(XmppElement features)
    {
        var content = features.Content.ToArray();
        var index = Array.FindIndex(content, node => node.Element?.Name == Mechanisms);
        if (index < 0)
        {
            return features;
        }

        var names = change(content[index].Element!.Elements.ToArray().Select(e => e.Text)).ToArray();
        XmlNode[] offer = names.Length == 0
            ? [] : [new XmppElement(Mechanisms, [.. names.Select(n => XmlNode.FromElement(new XmppElement(Mechanism, n)))])];
        return new XmppElement(features.Name, features.Attributes, [.. content[..index], .. offer, .. content[(index + 1)..]]);
    }
}
