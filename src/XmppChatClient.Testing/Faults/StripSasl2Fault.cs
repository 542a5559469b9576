using XmppChatClient.Testing.Login;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>SASL2 is taken out of the offer.</summary>
internal sealed class StripSasl2Fault(FaultHooks hooks) : Fault(hooks, null)
{
    public override XmppElement Features(XmppElement features) => new(
        features.Name, features.Attributes,
        Array.FindAll(features.Content.ToArray(), node => node.Element?.Name.Namespace != Sasl2Negotiation.Namespace));
}
